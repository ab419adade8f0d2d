import { ClientRequest, IncomingMessage } from 'node:http';
import { HttpResponse } from '@smithy/core/protocols';

/**
 * Watches whether a connection still reads the bytes of a command's body.
 *
 * S3 may answer before it has read all of a request, with an error for example. The SDK then sends it again over another
 * connection, while the first is still sending: Node keeps the buffer for it, but not the memory behind.
 */
export class SentBytes {
  #attempts = 0;
  #complete = 0;

  /** A middleware of the step `deserialize`, which every attempt passes. */
  readonly watch = <Args, Output extends { response: unknown }>(next: (args: Args) => Promise<Output>) => {
    return async (args: Args): Promise<Output> => {
      this.#attempts += 1;
      const answer = await next(args);
      if (wasSentWhole(answer.response)) this.#complete += 1;
      return answer;
    };
  };

  /** Once the command has succeeded: there was one attempt, and all of it was sent when its answer came. */
  get areRead(): boolean {
    return this.#attempts === 1 && this.#complete === 1;
  }
}

/** False where it cannot be told. */
function wasSentWhole(response: unknown): boolean {
  if (!HttpResponse.isInstance(response)) return false;
  const { body }: { body?: unknown } = response;
  return (
    body instanceof IncomingMessage && 'req' in body && body.req instanceof ClientRequest && body.req.writableFinished
  );
}
