import type { Encoding } from './dialect.ts';

/**
 * Text of `bytes`; what is not valid in `encoding` becomes U+FFFD. No byte order mark is looked for: U+FEFF inside a file is
 * a character.
 */
export function decode(bytes: Uint8Array, encoding: Encoding): string {
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
}

/** Text of the first `maxBytes` of `bytes`, without the half of a character that may end it. */
export function excerpt(bytes: Uint8Array, encoding: Encoding, maxBytes: number): string {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  return decoder.decode(bytes.subarray(0, maxBytes), { stream: bytes.byteLength > maxBytes });
}
