const MIB = 1024 * 1024;
/** Enough for a look at some ten thousand rows. */
export const BEGINNING_BYTES = 8 * MIB;
/** No line of a file of people is longer. */
const LINE_MAX = MIB;
const LF = 0x0a;
const CR = 0x0d;

/**
 * The beginning of a large file up to the end of a line, for a dry run. Reads no more of it than the last line; a file that is not
 * longer is given as it is.
 *
 * @param maxBytes of the beginning.
 */
export async function beginningOf(file: File, maxBytes = BEGINNING_BYTES): Promise<File> {
  if (file.size <= maxBytes) return file;
  const from = Math.max(0, maxBytes - LINE_MAX);
  const tail = new Uint8Array(await file.slice(from, maxBytes).arrayBuffer());
  const mark = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const end = from + endOfLastLine(tail, mark);
  return new File([file.slice(0, end)], file.name, { type: file.type, lastModified: file.lastModified });
}

/** Behind the last line end; all where there is none. In UTF-16 a unit has two bytes, the second of LF 00 in its little-endian form. */
function endOfLastLine(bytes: Uint8Array, [first, second]: Uint8Array): number {
  const last = Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR));
  if (last < 0) return bytes.length;
  const isLittleEndian = first === 0xff && second === 0xfe;
  return Math.min(bytes.length, last + (isLittleEndian ? 2 : 1));
}
