import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { EMULATOR_CREDENTIALS } from '@rowferry/testing';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { z } from 'zod';
import { between, type Random, shuffled } from './random.ts';

const LOOPBACK = '127.0.0.1';
/** Longest that a message is delayed, so that messages come in quite another order than they were sent in. */
const MAX_DELAY_SECONDS = 12;
/** Share of the entries of a batch that are refused. */
const REFUSED_SHARE = 0.5;
const POLL_MS = 50;

const entrySchema = z.looseObject({ Id: z.string() });
const sendBatchSchema = z.looseObject({ QueueUrl: z.string(), Entries: z.array(entrySchema) });
const receivedSchema = z.looseObject({ Messages: z.array(z.unknown()).optional() });
const answerSchema = z.looseObject({ Failed: z.array(z.unknown()).optional() });

type SendBatch = z.infer<typeof sendBatchSchema>;

type Answer = { status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer };

export type SqsTally = { sent: number; duplicated: number; reordered: number; refused: number; throttled: number };

/**
 * An HTTP way to SQS (its JSON protocol) that does to messages what SQS may do: delivers each of them twice and in any
 * order; and, when told to, refuses some entries of a batch and throttles. `TcpProxy` of packages/testing, which stands
 * before it, knows bytes and connections only.
 */
export class SqsProxy {
  readonly port: number;
  /** How many messages or requests were faulted so far. */
  readonly tally: SqsTally = { sent: 0, duplicated: 0, reordered: 0, refused: 0, throttled: 0 };
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #random: Random;
  readonly #signer = new SignatureV4({
    service: 'sqs',
    region: 'us-east-1',
    credentials: EMULATOR_CREDENTIALS,
    sha256: Hash.bind(null, 'sha256'),
  });
  readonly #agent = new Agent({ keepAlive: true });
  #toRefuse = 0;
  #toThrottle = 0;

  private constructor(server: Server, port: number, targetPort: number, random: Random) {
    this.#server = server;
    this.port = port;
    this.#targetPort = targetPort;
    this.#random = random;
    // Not the cause of broken connections: those are made elsewhere, and counted.
    server.keepAliveTimeout = 0;
    server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
      // What the target cannot be asked, the client learns as from the target: by a broken connection.
      this.#handle(incoming, response).catch(() => incoming.socket.destroy());
    });
  }

  static async open(targetPort: number, random: Random): Promise<SqsProxy> {
    const server = createServer();
    server.listen({ host: LOOPBACK, port: 0 });
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a listening HTTP server has no port');
    return new SqsProxy(server, address.port, targetPort, random);
  }

  /** Refuses some entries of the next `batches` SendMessageBatch, as far as they come within `timeoutMs`. @returns how many entries. */
  async refuse(batches: number, timeoutMs: number): Promise<number> {
    const before = this.tally.refused;
    this.#toRefuse = batches;
    await this.#until(() => this.#toRefuse === 0, timeoutMs);
    this.#toRefuse = 0;
    return this.tally.refused - before;
  }

  /** Answers 503 to the next requests, as far as they come within `timeoutMs`. @returns how many. */
  async throttle(requests: number, timeoutMs: number): Promise<number> {
    const before = this.tally.throttled;
    this.#toThrottle = requests;
    await this.#until(() => this.#toThrottle === 0, timeoutMs);
    this.#toThrottle = 0;
    return this.tally.throttled - before;
  }

  async #until(isDone: () => boolean, timeoutMs: number): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!isDone() && Date.now() < end) await delay(POLL_MS);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    this.#agent.destroy();
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const forward = (changed: object | Buffer) => this.#forward(incoming, changed, gone.signal);
    const { status, headers, body: answer } = await this.#answer(actionOf(incoming), body, forward);
    const { 'content-length': _length, 'transfer-encoding': _encoding, connection: _connection, ...kept } = headers;
    response.writeHead(status, { ...kept, 'content-length': answer.length }).end(answer);
  }

  async #answer(action: string, body: Buffer, forward: (body: object | Buffer) => Promise<Answer>): Promise<Answer> {
    if (this.#toThrottle > 0) {
      this.#toThrottle--;
      this.tally.throttled++;
      return throttled();
    }
    if (action === 'SendMessageBatch') return this.#send(sendBatchSchema.parse(parse(body)), forward);
    const answer = await forward(body);
    return action === 'ReceiveMessage' ? this.#shuffle(answer) : answer;
  }

  /** Sends a batch, less the entries that are refused, and then all of what was taken again. */
  async #send(batch: SendBatch, forward: (body: object) => Promise<Answer>): Promise<Answer> {
    const refused = this.#toRefuse > 0 ? batch.Entries.filter(() => this.#random() < REFUSED_SHARE) : [];
    if (refused.length > 0) this.#toRefuse--;
    const taken = batch.Entries.filter((entry) => !refused.includes(entry));
    this.tally.refused += refused.length;
    const answer = taken.length === 0 ? json({ Successful: [] }) : await forward(this.#delayed(batch, taken));
    if (taken.length > 0 && answer.status === 200) {
      this.tally.sent += taken.length;
      await this.#sendAgain(batch, taken, forward);
    }
    if (refused.length === 0 || answer.status !== 200) return answer;
    const content = answerSchema.parse(parse(answer.body));
    return json({ ...content, Failed: [...(content.Failed ?? []), ...refused.map(({ Id }) => failure(Id))] });
  }

  async #sendAgain(batch: SendBatch, taken: SendBatch['Entries'], forward: (body: object) => Promise<Answer>) {
    // The messages are in the queue; that their doubles are not, when the emulator dies in between, is no error.
    const again = await forward(this.#delayed(batch, taken)).catch(() => undefined);
    if (again?.status === 200) this.tally.duplicated += taken.length;
  }

  #delayed(batch: SendBatch, entries: SendBatch['Entries']): SendBatch {
    return {
      ...batch,
      Entries: entries.map((entry) => ({ ...entry, DelaySeconds: between(this.#random, 0, MAX_DELAY_SECONDS) })),
    };
  }

  #shuffle(answer: Answer): Answer {
    if (answer.status !== 200) return answer;
    const content = receivedSchema.parse(parse(answer.body));
    if (content.Messages === undefined || content.Messages.length < 2) return answer;
    this.tally.reordered += content.Messages.length;
    return json({ ...content, Messages: shuffled(this.#random, content.Messages) });
  }

  /** The headers for a body that is another than the client's, which its signature is not good for. */
  async #signed({ headers, method = 'POST' }: IncomingMessage, body: Buffer): Promise<Record<string, string>> {
    const { authorization: _authorization, 'x-amz-content-sha256': _hash, ...kept } = headers;
    const texts = Object.entries(kept).map(([name, value]) => [name, String(value)]);
    const unsigned = { ...Object.fromEntries(texts), 'content-length': String(body.length) };
    const request = { method, protocol: 'http:', hostname: LOOPBACK, path: '/', headers: unsigned, body };
    return (await this.#signer.sign(request)).headers;
  }

  async #forward(incoming: IncomingMessage, body: object | Buffer, signal: AbortSignal): Promise<Answer> {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const outgoing = request({
      agent: this.#agent,
      host: LOOPBACK,
      port: this.#targetPort,
      method: incoming.method,
      path: incoming.url,
      headers: await this.#signed(incoming, bytes),
      signal,
    });
    outgoing.end(bytes);
    const [reply] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { status: reply.statusCode ?? 500, headers: reply.headers, body: await bodyOf(reply) };
  }
}

function actionOf({ headers }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  return String(target ?? '').replace('AmazonSQS.', '');
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = await message.toArray();
  return Buffer.concat(chunks);
}

function parse(body: Buffer): unknown {
  return JSON.parse(body.toString());
}

function json(content: object): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(content)),
  };
}

function throttled(): Answer {
  const content = { __type: 'com.amazonaws.sqs#ThrottlingException', message: 'Rate exceeded' };
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': 'ThrottlingException' };
  return { status: 503, headers, body: Buffer.from(JSON.stringify(content)) };
}

function failure(id: string) {
  return { Id: id, SenderFault: false, Code: 'InternalError', Message: 'refused by the proxy' };
}
