import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll } from 'vitest';
import { bundleFunction, type FunctionName } from '../../infra/src/bundle/bundle.ts';

/** Bundles functions before the tests of a file. @returns the directory of each, as it is deployed. */
export function bundledFunctions<Name extends FunctionName>(...names: Name[]): (name: Name) => string {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rowferry-functions-'));
    for (const name of names) await bundleFunction(name, join(directory, name));
    return () => rm(directory, { recursive: true, force: true });
  });
  return (name) => join(directory, name);
}
