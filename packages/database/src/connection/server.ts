import type { ConnectionOptions } from 'node:tls';
import { parse } from 'pg-connection-string';

export type MakePassword = () => Promise<string>;

type Server =
  | { connectionString: string }
  | {
      host: string;
      port: number;
      user: string;
      database: string;
      ssl: ConnectionOptions | boolean;
      password: MakePassword;
    };

/**
 * How pg is told of a server. Beside a connection string it would ignore the function: the string's own password, also an
 * absent one, wins.
 */
export function serverOf(url: string, password?: MakePassword | undefined): Server {
  if (password === undefined) return { connectionString: url };
  const { host, port, user, database, ssl } = parse(url);
  return {
    host: host ?? '',
    port: Number(port),
    user: user ?? '',
    database: database ?? '',
    ssl: tlsOf(ssl),
    password,
  };
}

function tlsOf(ssl: ReturnType<typeof parse>['ssl']): ConnectionOptions | boolean {
  return typeof ssl === 'object' ? Object.fromEntries(Object.entries(ssl)) : ssl === true || ssl === 'true';
}
