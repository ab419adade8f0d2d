import type { SQSBatchResponse } from 'aws-lambda';

/** Messages that failed, by their id, and what each failed with. */
export type Failures = ReadonlyMap<string, unknown>;

/**
 * Does `work` for one message after the other; one that fails does not hold up the next.
 *
 * @param onFailure called at once for each message that failed.
 */
export async function failuresOf<Message extends { messageId: string }>(
  messages: readonly Message[],
  work: (message: Message) => Promise<void>,
  onFailure: (message: Message, error: unknown) => void = () => {},
): Promise<Failures> {
  const failures = new Map<string, unknown>();
  for (const message of messages) {
    await work(message).catch((error: unknown) => {
      failures.set(message.messageId, error);
      onFailure(message, error);
    });
  }
  return failures;
}

/** What Lambda wants to be told: these messages stay in the queue, the others are deleted. */
export function toBatchResponse(failures: Failures): SQSBatchResponse {
  return { batchItemFailures: [...failures.keys()].map((itemIdentifier) => ({ itemIdentifier })) };
}
