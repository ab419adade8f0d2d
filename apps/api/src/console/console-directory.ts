import { fileURLToPath } from 'node:url';

/** Where `npm ci` builds the console. In a file of its own, so that a bundle can have it elsewhere. */
export const CONSOLE = fileURLToPath(new URL('../../../console/dist', import.meta.url));
