import { EnvironmentError } from './environment-error.ts';

/** What goes for a database in parts where the variable is not set. */
export const DATABASE_DEFAULTS = { port: 5432, name: 'rowferry' } as const;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * With DATABASE_URL, where the variables name the database in parts: DATABASE_HOST and DATABASE_USER, and DATABASE_PORT,
 * DATABASE_NAME, DATABASE_PASSWORD and DATABASE_CA_FILE where they are set. Such a server must prove who it is: by
 * certificates of the CA file, or of those that Node knows.
 *
 * @throws EnvironmentError when the variables contradict each other.
 */
export function withDatabaseUrl(variables: Variables): Variables {
  const { DATABASE_URL, DATABASE_HOST: host, DATABASE_USER: user } = variables;
  if (host === undefined) return variables;
  if (DATABASE_URL !== undefined)
    throw new EnvironmentError('DATABASE_URL and DATABASE_HOST are both set; unset one of them');
  if (user === undefined) throw new EnvironmentError('DATABASE_USER is not set, but DATABASE_HOST is');
  const url = URL.parse(`postgres://${host}:${variables.DATABASE_PORT ?? DATABASE_DEFAULTS.port}/`);
  if (url === null || url.hostname !== host.toLowerCase())
    throw new EnvironmentError('DATABASE_HOST must be the name of a host, and DATABASE_PORT a whole number');
  url.pathname = `/${encodeURIComponent(variables.DATABASE_NAME ?? DATABASE_DEFAULTS.name)}`;
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(variables.DATABASE_PASSWORD ?? '');
  url.searchParams.set('sslmode', 'verify-full');
  if (variables.DATABASE_CA_FILE !== undefined) url.searchParams.set('sslrootcert', variables.DATABASE_CA_FILE);
  return { ...variables, DATABASE_URL: url.href };
}

/** Whether a database that the variables name in parts is to be entered by tokens of IAM, since no password is set. */
export function usesIamTokens(variables: Variables = process.env): boolean {
  return Boolean(variables.DATABASE_HOST) && !variables.DATABASE_PASSWORD;
}
