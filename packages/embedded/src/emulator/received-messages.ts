import type { BufferPool } from './buffer-pool.ts';
import type { SqsMessage, SqsQueue, SqsStore } from './fauxqs.ts';
import type { QueueJournal } from './queue-journal.ts';

const END = Buffer.from('"}');
const END_OF_ALL = Buffer.from(']}');

/** A message in an answer to ReceiveMessage. */
export type ReceivedMessage = {
  readonly queue: SqsQueue;
  readonly handle: string;
  readonly message: SqsMessage | undefined;
  /** What the answer says of it, save its body. */
  readonly facts: object;
};

/** The messages of `payload`, which answers the request `body`; none if it is an error. */
export function receivedMessages(store: SqsStore, body: unknown, payload: unknown): ReceivedMessage[] {
  const queue = store.getQueue(String(Object(body).QueueUrl));
  const messages: unknown = typeof payload === 'string' ? Object(JSON.parse(payload)).Messages : undefined;
  if (queue === undefined || !Array.isArray(messages)) return [];
  return messages.map((message) => {
    const { Body: _, ...facts } = Object(message);
    const handle = String(facts.ReceiptHandle);
    return { queue, handle, message: queue.inflightMessages.get(handle)?.message, facts };
  });
}

/** The answer with the bodies, as they are on disk: neither decoded nor encoded again. */
export function encodeReceived(received: readonly ReceivedMessage[], journal: QueueJournal, pool: BufferPool): Buffer {
  // A body is gone if its queue was removed while the answer waited for the disk.
  const parts = received.map(({ facts, message }, index) => {
    const start = Buffer.from(`${index === 0 ? '{"Messages":[' : ','}${JSON.stringify(facts).slice(0, -1)},"Body":"`);
    return { start, body: message && journal.bodyOf(message) };
  });
  const length = parts.reduce((sum, { start, body }) => sum + start.length + (body?.length ?? 0) + END.length, 0);
  const answer = pool.take(length + END_OF_ALL.length);
  let at = 0;
  for (const { start, body } of parts) {
    at += start.copy(answer, at);
    if (body !== undefined) at += body.copy(answer, at);
    at += END.copy(answer, at);
  }
  END_OF_ALL.copy(answer, at);
  return answer;
}
