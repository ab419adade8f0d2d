import { fileURLToPath } from 'node:url';

/** In a file of its own, so that a bundle can have it elsewhere. */
export const MIGRATIONS = fileURLToPath(new URL('../../../../migrations', import.meta.url));
