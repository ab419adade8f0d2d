import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rolldown';

const ABSENT = '\0absent:';
/** Without the embedded servers. */
const IN_IMAGE = fileURLToPath(new URL('../../../apps/local/src/image.ts', import.meta.url));

/**
 * Leaves out of a bundle what no function runs, but what its code names: readable logs for terminals, and the databases of
 * knex but for Postgres. Reading and compiling them would be a part of every start.
 */
export const leaveOut: Plugin = {
  name: 'leave-out',
  resolveId(source, importer = '') {
    const isOtherDialect = dirname(importer).endsWith('/knex/lib/dialects') && source !== './postgres';
    const isHelper = source.startsWith('../');
    if (source === 'pino-pretty' || (isOtherDialect && !isHelper)) return ABSENT + source;
    if (source === '@rowferry/local') return IN_IMAGE;
    if (source.endsWith('/migrations-directory.ts')) return `${ABSENT}migrations`;
    return undefined;
  },
  load(id) {
    if (!id.startsWith(ABSENT)) return undefined;
    if (id === `${ABSENT}migrations`) return MIGRATIONS;
    return `export function prettyFactory() { throw new Error('this bundle is without ${id.slice(ABSENT.length)}'); }`;
  },
};

/** In place of packages/database's: beside the bundle and not in the clone. */
const MIGRATIONS = `import { fileURLToPath } from 'node:url';
export const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url));`;
