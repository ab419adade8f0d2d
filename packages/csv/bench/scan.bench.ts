/**
 * Measures the parts of this package alone, on a typical roster: `node packages/csv/bench/scan.bench.ts [rows]`.
 * scan: splitObject, so field states, physical lines and UTF-8 validity, from chunks of 64 KiB. parse: parseSegment.
 */
import { type CsvRecord, detectFormat, HEAD_BYTES, parseSegment, splitObject } from '../src/index.ts';

const NAMES = ['Ann Lee', 'José García', 'Bob Stone', 'Kateryna Kovalenko', 'Mary-Jane O’Neill'];
const COMPANIES = ['Acme', '"Stone, Brook & Co"', 'Globex Corporation', 'Initech', 'Umbrella'];
const CHUNK_BYTES = 64 * 1024;
const MB = 1_000_000;

function roster(rows: number, lineEnd: string, encoding: 'utf8' | 'utf16le' | 'latin1'): Buffer {
  const lines = ['employee_name,company_name,mobile_no,email'];
  for (let i = 0; i < rows; i++) {
    const name = `${NAMES[i % NAMES.length]} ${i}`;
    lines.push(`${name},${COMPANIES[(i * 7) % 5]},+4917${10_000_000 + i},user${i}@example.com`);
  }
  const text = `${lines.join(lineEnd)}${lineEnd}`;
  return Buffer.from(encoding === 'utf16le' ? `\ufeff${text}` : text, encoding);
}

/** Every line opens a quote, and a chain of quoted cells with line ends in them never ends its record. */
function hostile(bytes: number, piece: string): Buffer {
  return Buffer.alloc(bytes, piece);
}

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

async function measure(label: string, bytes: Uint8Array): Promise<void> {
  const format = detectFormat(bytes.subarray(0, HEAD_BYTES));
  if (!format.ok) throw new Error(format.kind);
  let scanSeconds = Number.POSITIVE_INFINITY;
  let parseSeconds = Number.POSITIVE_INFINITY;
  let records = 0;
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    const { segments, encoding } = await splitObject(chunksOf(bytes), format);
    const scanned = performance.now();
    records = 0;
    for (const { start, end, firstLine } of segments) {
      const options = { delimiter: format.delimiter, encoding, firstLine };
      for (const batch of parseSegment(bytes.subarray(start, end), options)) records += count(batch);
    }
    scanSeconds = Math.min(scanSeconds, (scanned - start) / 1000);
    parseSeconds = Math.min(parseSeconds, (performance.now() - scanned) / 1000);
  }
  const scan = `${(bytes.byteLength / MB / scanSeconds).toFixed(0)} MB/s`;
  const parse = `${Math.round(records / parseSeconds).toLocaleString('en')} rows/s`;
  process.stdout.write(`${label.padEnd(34)} scan ${scan.padStart(9)}   parse ${parse.padStart(15)}\n`);
}

function count(batch: CsvRecord[]): number {
  return batch.length;
}

const rows = Number(process.argv[2] ?? 400_000);
/** 4 MB unless fewer rows are asked for. */
const hostileBytes = rows * 10;
await measure('UTF-8, LF', roster(rows, '\n', 'utf8'));
await measure('UTF-8, CRLF', roster(rows, '\r\n', 'utf8'));
await measure('Windows-1252, LF', roster(rows, '\n', 'latin1'));
await measure('UTF-16 LE, CRLF', roster(rows, '\r\n', 'utf16le'));
await measure('every quote unescaped', Buffer.from('n,c\n"Ann "Annie" Lee",Acme\n'.repeat(rows / 8)));
await measure('hostile: every line opens a quote', hostile(hostileBytes, '"a\n'));
await measure('hostile: endless chain of cells', hostile(hostileBytes, '"a\nb",'));
await measure(
  'hostile: chain after a long cell',
  hostile(hostileBytes, `${'"a\n'.repeat(10_000)}",${'"a\nb",'.repeat(50_000)}`),
);
await measure('hostile: only line ends', hostile(hostileBytes, '\n'));
