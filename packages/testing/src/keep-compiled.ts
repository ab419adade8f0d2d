import { flushCompileCache } from 'node:module';
import { afterAll } from 'vitest';

// vitest ends its workers by a signal, at which Node does not write what it compiled.
afterAll(() => flushCompileCache());
