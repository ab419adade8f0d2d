import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A connection service file of libpq (https://www.postgresql.org/docs/current/libpq-pgservice.html). */
const SERVICE_FILE = 'pg_service.conf';
const SERVICE = 'rowferry';

/**
 * Writes a service file, open to its owner only, through which psql gets at the database: a URL with the password on a
 * command line is shown to every user of the machine by `ps`, and stays in the history of the shell.
 *
 * @returns the command, and what removes the file.
 */
export async function writePsqlService(
  dataDir: string,
  databaseUrl: string,
): Promise<{ command: string; remove: () => Promise<void> }> {
  const file = join(dataDir, SERVICE_FILE);
  const { hostname, port, pathname, username, password } = new URL(databaseUrl);
  const settings = { host: hostname, port, dbname: pathname.slice(1), user: username, password };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${decodeURIComponent(value)}\n`);
  await writeFile(file, `[${SERVICE}]\n${lines.join('')}`, { mode: 0o600 });
  // The mode above is that of a new file.
  await chmod(file, 0o600);
  return { command: `PGSERVICEFILE='${file}' psql service=${SERVICE}`, remove: () => rm(file, { force: true }) };
}
