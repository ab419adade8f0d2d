/** Bytes `start` up to and including `end` of an object. */
export type ByteRange = { readonly start: number; readonly end: number };

/**
 * Reads a `Range` header for an object of `size` bytes (RFC 9110, section 14.1.2). A header that is not one range of
 * bytes is to be ignored, so it gives the whole; `unsatisfiable` is to be answered with 416.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Number(last);
  if (last !== '' && end < start) return 'whole';
  return start >= size ? 'unsatisfiable' : { start, end: Math.min(end, size - 1) };
}
