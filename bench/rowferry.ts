import { fileURLToPath } from 'node:url';

/** The command that is measured: it gives the servers their Node and the flags of V8. */
export const ROWFERRY = fileURLToPath(new URL('../node_modules/.bin/rowferry', import.meta.url));
