import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rolldown';

const ABSENT = '\0absent:';
const BESIDE = '\0beside:';
/** Without the embedded servers. */
const IN_IMAGE = fileURLToPath(new URL('../../../apps/local/src/image.ts', import.meta.url));

/**
 * Leaves out of a bundle what no function runs, but what its code names: readable logs for terminals, and the databases of
 * knex but for Postgres. Reading and compiling them would be a part of every start. Migrations and the console are found beside the
 * bundle.
 */
export const leaveOut: Plugin = {
  name: 'leave-out',
  resolveId(source, importer = '') {
    const isOtherDialect = dirname(importer).endsWith('/knex/lib/dialects') && source !== './postgres';
    const isHelper = source.startsWith('../');
    if (source === 'pino-pretty' || (isOtherDialect && !isHelper)) return ABSENT + source;
    if (source === '@rowferry/local') return IN_IMAGE;
    const directory = /\/(migrations|console)-directory\.ts$/.exec(source)?.[1];
    if (directory !== undefined) return BESIDE + directory;
    return undefined;
  },
  load(id) {
    if (id.startsWith(BESIDE)) return directoryBeside(id.slice(BESIDE.length));
    if (!id.startsWith(ABSENT)) return undefined;
    return `export function prettyFactory() { throw new Error('this bundle is without ${id.slice(ABSENT.length)}'); }`;
  },
};

/** Beside the bundle and not in the clone: `MIGRATIONS`, `CONSOLE`. */
function directoryBeside(name: string): string {
  return `import { fileURLToPath } from 'node:url';
export const ${name.toUpperCase()} = fileURLToPath(new URL('${name}', import.meta.url));`;
}
