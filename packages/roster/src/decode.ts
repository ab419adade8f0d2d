import { z } from 'zod';

export class UnreadableMessageError extends Error {
  override readonly name = 'UnreadableMessageError';
}

/** @throws UnreadableMessageError when the body is not JSON or does not fit the schema. */
export function decodeBody<T>(schema: z.ZodType<T>, body: string): T {
  const result = schema.safeParse(parseJson(body));
  if (result.success) return result.data;
  throw new UnreadableMessageError(`not a message of this version of Rowferry:\n${z.prettifyError(result.error)}`);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Without its cause: the SyntaxError quotes the body, which holds personal data.
    throw new UnreadableMessageError('not JSON');
  }
}

/**
 * A value as the body of an SQS message.
 *
 * SQS takes only #x9, #xA, #xD, #x20–#xD7FF, #xE000–#xFFFD and #x10000–#x10FFFF
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html) and refuses a body
 * with anything else for good, so U+FFFE and U+FFFF travel as JSON escapes; JSON itself escapes C0 controls and lone
 * surrogates. Surrogate pairs are escaped too because emulators check the body by UTF-16 unit and refuse them.
 */
export function encodeBody(value: object): string {
  return JSON.stringify(value).replace(/[\ud800-\udfff\ufffe\uffff]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
