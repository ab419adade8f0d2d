import type { Message } from '@aws-sdk/client-sqs';

/** SQS holds a receive open for 20 s at most; some emulators answer only when the time is over, however soon a message came. */
const WAIT_SECONDS = 5;
/** Longest that messages wait for more, in milliseconds. */
const GATHER_MS = 200;
/** Who has waited longer for a first message had nothing to do. */
const IDLE_MS = 50;
/** Of its bytes, what the first invocation after that is given, and how much more each one gets than the one before. */
const AFTER_IDLE = { share: 1 / 4, growth: 1.5 };

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

/**
 * Gathers the messages of one invocation after the other: waits for messages; while full batches come at once, takes more,
 * up to what one invocation gets.
 *
 * After an idle time invocations begin small and grow: a small file is written from its first rows on, while the others are
 * still being sent, and all of several gatherers get about the same of it. With large ones from the beginning, the first write
 * of a file of 10,000 rows began after 189 ms, at two fifths of its time; with small ones after 105 ms.
 */
export class Gatherer {
  readonly #receive: ReceiveBatch;
  readonly #limits: GatherLimits;
  /** What an invocation gets at present. */
  #bytes: number;
  /** Whether the last receive found fewer messages than it could have taken. */
  #isDrained = true;

  constructor(receive: ReceiveBatch, limits: GatherLimits) {
    this.#receive = receive;
    this.#limits = limits;
    this.#bytes = bytesOf(limits);
  }

  /** @returns the messages of the next invocation, or none when there were none for a while. @throws when the first receive fails. */
  async next(): Promise<Message[]> {
    const { messagesPerReceive, messagesPerInvocation } = this.#limits;
    const messages = await this.#receiveFirst();
    const deadline = performance.now() + GATHER_MS;
    let full = messages.length === messagesPerReceive;
    while (full && messages.length + messagesPerReceive <= messagesPerInvocation) {
      if (sizeOf(messages) >= this.#bytes || performance.now() > deadline) break;
      // What is there is handled first; what is wrong shows itself again at the next receive.
      const more = await this.#receive(0).catch(() => []);
      messages.push(...more);
      full = more.length === messagesPerReceive;
    }
    this.#isDrained = !full;
    if (sizeOf(messages) >= this.#bytes) this.#bytes = Math.min(bytesOf(this.#limits), this.#bytes * AFTER_IDLE.growth);
    return messages;
  }

  async #receiveFirst(): Promise<Message[]> {
    const begun = performance.now();
    const messages = await this.#receive(WAIT_SECONDS);
    // From a distant queue each receive takes as long, also while it is full.
    if (this.#isDrained && performance.now() - begun > IDLE_MS) this.#bytes = bytesOf(this.#limits) * AFTER_IDLE.share;
    return messages;
  }
}

function bytesOf({ bytesPerInvocation = Infinity }: GatherLimits): number {
  return bytesPerInvocation;
}

/** In UTF-16 units: bytes, as good as. */
function sizeOf(messages: readonly Message[]): number {
  return messages.reduce((size, { Body = '' }) => size + Body.length, 0);
}
