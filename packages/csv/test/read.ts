import {
  type CsvFormat,
  type CsvRecord,
  detectFormat,
  parseSegment,
  type SplitResult,
  splitObject,
} from '../src/index.ts';

/** Reads a whole file as the producer does: detect, split, parse each segment. */
export async function readFile(
  file: Uint8Array | string,
): Promise<{ format: CsvFormat; split: SplitResult; records: CsvRecord[] }> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const format = detectFormat(bytes);
  if (!format.ok) throw new Error(`not CSV but ${format.kind}`);
  const split = await splitObject([bytes], format);
  const records = split.segments.flatMap(({ start, end, firstLine }) => {
    const { delimiter, quoting } = format;
    const options = { delimiter, quoting, encoding: split.encoding, firstLine };
    return [...parseSegment(bytes.subarray(start, end), options)].flat();
  });
  return { format, split, records };
}

/** The records of a file as `[line, ...fields]`, broken ones as `[line, code]`. */
export async function rowsOf(file: Uint8Array | string): Promise<(string | number)[][]> {
  const { records } = await readFile(file);
  return records.map((record) => [record.line, ...('fields' in record ? record.fields : [record.error.code])]);
}
