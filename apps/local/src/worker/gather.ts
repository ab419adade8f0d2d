import type { Message } from '@aws-sdk/client-sqs';

/** SQS holds a receive open for 20 s at most; some emulators answer only when the time is over, however soon a message came. */
const WAIT_SECONDS = 5;
/**
 * What is received for one invocation, unless its number of messages is reached before: so many bytes of bodies (on AWS 6
 * MB are the bound), some 2,000 rows, less than ten messages of a large file have, and no longer than so many milliseconds.
 * A write of 1,000 rows costs Postgres half as much a row as one of 100, one of 2,000 a little less (docs/performance.md).
 */
const GATHER = { bytes: 192 * 1024, ms: 200 };

export type GatherBounds = {
  /** Messages taken by one receive, 1 to 10. */
  messagesPerReceive: number;
  /** Messages given to one invocation at most. */
  messagesPerInvocation: number;
};

/** One ReceiveMessage that waits so long for a first message. */
export type ReceiveBatch = (waitSeconds: number) => Promise<Message[]>;

/** Waits for messages; while full batches come at once, takes more, up to what one invocation gets. */
export async function gather(
  receive: ReceiveBatch,
  { messagesPerReceive, messagesPerInvocation }: GatherBounds,
): Promise<Message[]> {
  const messages = await receive(WAIT_SECONDS);
  const deadline = performance.now() + GATHER.ms;
  let full = messages.length === messagesPerReceive;
  while (full && messages.length + messagesPerReceive <= messagesPerInvocation) {
    if (sizeOf(messages) >= GATHER.bytes || performance.now() > deadline) break;
    // What is there is handled first; what is wrong shows itself again at the next receive.
    const more = await receive(0).catch(() => []);
    messages.push(...more);
    full = more.length === messagesPerReceive;
  }
  return messages;
}

/** In UTF-16 units: bytes, as good as. */
function sizeOf(messages: readonly Message[]): number {
  return messages.reduce((size, { Body = '' }) => size + Body.length, 0);
}
