import { Agent, type IncomingMessage, request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Seen } from './conformance.ts';

export type RawRequest = { method: string; path: string; headers: Record<string, string>; body: Buffer | undefined };

const SECOND = 1000;
/** A request that is not answered by then never will be. */
const ANSWER_BOUND = 20 * SECOND;

/** Sends requests just as they are given, where `fetch` would correct or refuse them. Event streams are left after their first event. */
export function rawClient(url: string): (raw: RawRequest) => Promise<Seen> {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  onTestFinished(() => agent.destroy());

  return async ({ method, path, headers, body }) => {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const sending = request({
      hostname,
      port,
      agent,
      method,
      path,
      headers: { ...headers, 'content-length': body?.length ?? 0 },
    });
    sending.setTimeout(ANSWER_BOUND, () => sending.destroy(new Error(`no answer to ${method} ${path}`)));
    sending.once('response', resolve).once('error', reject).end(body);
    const response = await promise;
    const text = await readText(response);
    return { method, path, status: response.statusCode ?? 0, headers: headersOf(response), text };
  };
}

async function readText(response: IncomingMessage): Promise<string> {
  const isEvents = response.headers['content-type']?.startsWith('text/event-stream') ?? false;
  let text = '';
  // Leaving the loop early destroys the stream, as a client does that has seen enough.
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk;
    if (isEvents && text.includes('data:')) break;
  }
  return text;
}

function headersOf({ headers }: IncomingMessage): Headers {
  return new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
