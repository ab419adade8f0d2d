import { connect } from './connect.ts';
import { isDatabaseUnavailable, sqlState } from './error-class.ts';
import { query, statement } from './query.ts';
import type { MakePassword } from './server.ts';

/** https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const UNTRUSTED_CERTIFICATE = /^(?:CERT_|DEPTH_ZERO_|ERR_TLS_CERT_|SELF_SIGNED_|UNABLE_TO_)/;

/**
 * What is wrong with the database that a URL names, and what to do about it: one line, without the password. Undefined
 * when the error is not about the database as a whole.
 */
export function explainDatabaseError(error: unknown, url: string): string | undefined {
  const refusal = explainRefusal(error, url);
  if (refusal !== undefined) return refusal;
  if (!isDatabaseUnavailable(error)) return undefined;
  return `${serverOf(url)} cannot be reached (${messageOf(error)}); check DATABASE_URL`;
}

/** The same for what waiting does not help against; undefined for an unavailable database too. */
export function explainRefusal(error: unknown, url: string): string | undefined {
  const server = serverOf(url);
  const user = decodeURIComponent(new URL(url).username) || 'nobody';
  const message = messageOf(error);
  switch (sqlState(error)) {
    case '28P01':
      return `${server} refuses the password of user ${user}; correct it in DATABASE_URL`;
    case '28000':
      if (/PAM/.test(message))
        return `${server} refuses the token of user ${user}; grant rds_iam to the user, and rds-db:connect to the role of this process`;
      return /no encryption/.test(message)
        ? `${server} wants TLS; add ?sslmode=verify-full to DATABASE_URL`
        : `${server} refuses user ${user} (${message}); check DATABASE_URL`;
    case '3D000':
      return `${server} has no such database; create it, or name another in DATABASE_URL`;
    case '42501':
      return /extension/.test(message)
        ? `${server} lacks the extension pg_trgm, and user ${user} may not create it; let an administrator run: create extension pg_trgm`
        : `${server} does not let user ${user} create the tables (${message}); grant create on the schema, or name another user in DATABASE_URL`;
    case '0A000':
    case '58P01':
      return /extension/.test(message)
        ? `${server} cannot have the extension pg_trgm; install Postgres's contrib modules there`
        : undefined;
  }
  if (/does not support SSL/.test(message)) return `${server} does not speak TLS; set ?sslmode=disable in DATABASE_URL`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (UNTRUSTED_CERTIFICATE.test(code))
    return `${server} has a TLS certificate that is not trusted (${code}); name the file of its CA in DATABASE_URL: ?sslmode=verify-full&sslrootcert=…`;
  if (code === 'ENOENT') return `DATABASE_URL names a file that cannot be read (${message})`;
  return undefined;
}

function serverOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `Postgres at ${host}${pathname}`;
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}

const PING = statement('select 1');

/** Why the database will not let this process work, in one line; undefined when it does, and when it is unavailable. */
export async function findRefusal(url: string, password?: MakePassword): Promise<string | undefined> {
  // Of its own, so that nothing is logged of what is explained here.
  const database = connect({ url, password, poolMax: 1, onWarning: () => {} });
  try {
    await query(database, PING);
    return undefined;
  } catch (error) {
    return explainRefusal(error, url);
  } finally {
    await database.destroy();
  }
}
