import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { routeOf } from './request-log.ts';
import { whileAuthorized } from './while-authorized.ts';

/** Characters put together before they go into the response: a write for every line would cost more than the lines. */
const PIECE_LENGTH = 64 * 1024;

/** Longest that a client may take nothing, in milliseconds: what the answer is made from is held all the while. */
const STALL_TIMEOUT_MS = 60_000;
/** Longest that a line waits for others, in milliseconds: where lines come slowly, silence is not the client's. */
const HOLD_MAX_MS = 5_000;

/** Without it Excel takes UTF-8 for the encoding of the country it is set to. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * Answers a CSV file to be saved under this name, in UTF-8 with a byte order mark, as fast as the client takes it and
 * holding no more than a piece. The connection is cut when the credentials of the request are no longer valid.
 *
 * @param lines each with its line end; the first is the header.
 * @throws what `lines` throws; the connection is cut then, so that nobody takes half a file for a whole one. A client
 *   that disconnects is no error.
 */
export async function sendCsv(response: Response, fileName: string, lines: AsyncIterable<string>): Promise<void> {
  // RFC 7111 and RFC 4180: the header parameter says that the first line is one.
  response.attachment(fileName).set('Content-Type', 'text/csv; charset=utf-8; header=present');
  response.setTimeout(STALL_TIMEOUT_MS, () => response.destroy());
  whileAuthorized(response, ({ code }) => {
    response.req.log.info({ route: routeOf(response.req), code }, 'answer cut off: credentials are no longer valid');
    response.destroy();
  });
  try {
    await pipeline(Readable.from(inPieces(lines), { objectMode: false }), response);
  } catch (error) {
    if (!isPrematureClose(error)) throw error;
    response.req.log.info({ route: routeOf(response.req) }, 'client disconnected');
  }
}

async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = BYTE_ORDER_MARK;
  let begun = performance.now();
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE_LENGTH && performance.now() - begun < HOLD_MAX_MS) continue;
    yield piece;
    piece = '';
    begun = performance.now();
  }
  yield piece;
}

function isPrematureClose(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
