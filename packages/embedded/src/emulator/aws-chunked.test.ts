import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { AwsChunkedDecoder } from './aws-chunked.ts';

const ENCODED = '5;chunk-signature=0f\r\nhello\r\n8\r\n, \r\nyou!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';

async function decode(text: string, pieceLength: number) {
  const decoder = new AwsChunkedDecoder();
  const pieces = text.match(new RegExp(`[^]{1,${pieceLength}}`, 'g')) ?? [];
  Readable.from(pieces.map((piece) => Buffer.from(piece))).pipe(decoder);
  return { body: (await buffer(decoder)).toString(), trailers: Object.fromEntries(decoder.trailers) };
}

test.each([1, 2, 3, 7, 1000])(
  'a body that arrives in pieces of %i bytes is decoded, with its trailers',
  async (length) => {
    expect(await decode(ENCODED, length)).toEqual({
      body: 'hello, \r\nyou!',
      trailers: { 'x-amz-checksum-crc32': 'AAAAAA==' },
    });
  },
);

test.each([
  ['ends before its last chunk', '5\r\nhello\r\n'],
  ['ends in a chunk', '5\r\nhel'],
  ['is longer than its size', '5\r\nhello!\r\n0\r\n\r\n'],
  ['has no size', 'hello\r\n'],
])('a body that %s is an error', async (_, text) => {
  await expect(decode(text, 1000)).rejects.toThrow(/chunk/);
});
