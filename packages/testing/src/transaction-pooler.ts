import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { onTestFinished } from 'vitest';

/** Message types of the protocol, https://www.postgresql.org/docs/current/protocol-message-formats.html */
const READY = 'Z';
const TERMINATE = 'X';
const NO_TRANSACTION = 'I';
/** Of a startup message, whose first version is 3.0; what else begins without a type asks for encryption. */
const PROTOCOL_3 = 196_608;
const HEADER_BYTES = 5;

/** One connection to Postgres, and the client that has it until its transaction ends. */
type Server = { socket: Duplex; client: Socket | undefined };

/**
 * A Postgres behind a connection pooler in transaction mode, as pgbouncer is: clients share a few connections, and after
 * each transaction the next one gets another of them. What a session keeps (locks, settings, channels) stays with the
 * connection. @returns its URL; closed at the end of the test.
 */
export async function setupTransactionPooler(databaseUrl: string, connections = 3): Promise<string> {
  const servers = await Promise.all(Array.from({ length: connections }, () => connectTo(databaseUrl)));
  const waiting: (() => boolean)[] = [];

  function take(client: Socket): Server | undefined {
    const index = servers.findIndex((server) => server.client === undefined);
    const [server] = index < 0 ? [] : servers.splice(index, 1);
    if (server === undefined) return undefined;
    // To the end: the next transaction gets the one that was idle the longest.
    servers.push(Object.assign(server, { client }));
    return server;
  }

  for (const server of servers) {
    const readFrames = frameReader();
    server.socket.on('data', (chunk) => {
      // What comes unasked, as a notification does, is for nobody.
      server.client?.write(chunk);
      for (const { type, body } of readFrames(chunk)) {
        if (type !== READY || body.toString('latin1') !== NO_TRANSACTION) continue;
        server.client = undefined;
        waiting.shift()?.();
      }
    });
  }

  const pooler = createServer((client) => {
    let server: Server | undefined;
    const pending: Buffer[] = [];
    const flush = (): boolean => {
      if (server?.client !== client) server = take(client);
      for (const chunk of server === undefined ? [] : pending.splice(0)) server?.socket.write(chunk);
      return server !== undefined;
    };
    client.on('error', () => client.destroy());
    client.on('data', (chunk) => {
      if (chunk.length >= 8 && chunk.readInt32BE(0) === chunk.length && chunk[0] === 0) {
        client.write(chunk.readInt32BE(4) === PROTOCOL_3 ? WELCOME : 'N');
      } else if (chunk.toString('latin1', 0, 1) === TERMINATE) client.end();
      else if (pending.push(chunk) === 1 && !flush()) waiting.push(flush);
    });
  });
  pooler.listen({ host: '127.0.0.1', port: 0 });
  await once(pooler, 'listening');
  onTestFinished(() => void pooler.close());
  const address = pooler.address();
  if (address === null || typeof address === 'string') throw new Error('a listening TCP server has no port');
  return Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(address.port) }).href;
}

async function connectTo(databaseUrl: string): Promise<Server> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => {});
  await client.connect();
  const socket = client.connection.stream;
  onTestFinished(() => void socket.destroy());
  // pg has logged in; from here on it does not read.
  socket.removeAllListeners('data');
  return { socket, client: undefined };
}

function message(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(type, 'latin1');
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

/** Logged in; process 4242, as poolers make up; ready. */
const WELCOME = Buffer.concat([
  message('R', Buffer.from([0, 0, 0, 0])),
  message('K', Buffer.from([0, 0, 0x10, 0x92, 0, 0, 0, 1])),
  message(READY, Buffer.from(NO_TRANSACTION)),
]);

/** Cuts a stream into the messages that it is made of. */
function frameReader() {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    const frames: { type: string; body: Buffer }[] = [];
    while (rest.length >= HEADER_BYTES && rest.length > rest.readInt32BE(1)) {
      const end = rest.readInt32BE(1) + 1;
      frames.push({ type: rest.toString('latin1', 0, 1), body: rest.subarray(HEADER_BYTES, end) });
      rest = rest.subarray(end);
    }
    return frames;
  };
}
