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
