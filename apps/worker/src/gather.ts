import type { Message } from '@aws-sdk/client-sqs';

/** SQS holds a receive open for 20 s at most; some emulators answer only when the time is over, however soon a message came. */
const WAIT_SECONDS = 5;
/** Longest that messages wait for more, in milliseconds. */
const GATHER_MS = 200;

export type GatherLimits = {
  /** Messages taken by one receive, 1 to 10. */
  messagesPerReceive: number;
  /** Messages given to one invocation at most. */
  messagesPerInvocation: number;
  /** Bytes of bodies from which on no more are received for one invocation (on AWS the limit is 6 MB); unset, any number. */
  bytesPerInvocation?: number;
};

/** One ReceiveMessage that waits so long for a first message. */
export type ReceiveBatch = (waitSeconds: number) => Promise<Message[]>;

/** Waits for messages; while full batches come at once, takes more, up to what one invocation gets. */
export async function gather(
  receive: ReceiveBatch,
  { messagesPerReceive, messagesPerInvocation, bytesPerInvocation = Infinity }: GatherLimits,
): Promise<Message[]> {
  const messages = await receive(WAIT_SECONDS);
  const deadline = performance.now() + GATHER_MS;
  let full = messages.length === messagesPerReceive;
  while (full && messages.length + messagesPerReceive <= messagesPerInvocation) {
    if (sizeOf(messages) >= bytesPerInvocation || performance.now() > deadline) break;
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
