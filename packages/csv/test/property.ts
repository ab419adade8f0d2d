import fc from 'fast-check';
import type { Bounds, Delimiter, Encoding, Quoting } from '../src/dialect.ts';
import { type CsvRecord, parseSegment } from '../src/index.ts';
import { RecordScanner, type Step } from '../src/scanner.ts';
import { csvText, hostileText } from './arbitraries.ts';

export const anyText = fc.oneof(csvText, hostileText);
const RUNS = 1500;

export function check<T extends [unknown, ...unknown[]]>(
  property: fc.IPropertyWithHooks<T> | fc.IAsyncPropertyWithHooks<T>,
) {
  return fc.assert(property, { numRuns: RUNS });
}

export function parseAll(
  bytes: Uint8Array,
  delimiter: Delimiter,
  encoding: Encoding,
  bounds: Bounds,
  firstLine = 1,
  quoting: Quoting = 'double',
): CsvRecord[] {
  return [...parseSegment(bytes, { delimiter, encoding, quoting, firstLine, bounds })].flat();
}

/** Every step of a scanner that gets `window` more bytes whenever it asks for more. */
export function scanInWindows(
  bytes: Uint8Array,
  delimiter: Delimiter,
  bounds: Bounds,
  window: number,
  quoting: Quoting = 'double',
) {
  const scanner = new RecordScanner(delimiter, 1, bounds, quoting);
  const found: { step: Step; start: number; end: number; line: number }[] = [];
  let loaded = 0;
  do {
    loaded = Math.min(loaded + window, bytes.byteLength);
    scanner.load(bytes.slice(scanner.position, loaded), loaded === bytes.byteLength);
    for (let step = scanner.next(); step !== 'more' && step !== 'end'; step = scanner.next()) {
      found.push({ step, start: scanner.start, end: scanner.end, line: scanner.line });
    }
  } while (loaded < bytes.byteLength);
  return found;
}
