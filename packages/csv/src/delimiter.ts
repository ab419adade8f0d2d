import { agreesWith, type Beginning, commonest, quotingCandidates } from './detect-quoting.ts';
import { BOUNDS, DELIMITERS, type Delimiter, type Encoding, type Quoting } from './dialect.ts';
import { detectHeaderDelimiter, type Reading } from './header-delimiter.ts';
import { parseSegment } from './parse.ts';
import { RecordScanner } from './scanner.ts';
import { toUnits, unitBytes } from './units.ts';

/** Records looked at. Enough to outvote a few odd ones, few enough that four readings of them take no time. */
const SAMPLE = 50;

/** Records among which the header is: title lines and notes stand above it. */
const HEADER_WITHIN = 30;

/** Whether these cells of a record are a header that names all that is needed; who reads the file knows. */
export type IsHeader = (cells: readonly string[]) => boolean;

/** What separates the fields of a file, and what stands around them. */
export type Dialect = {
  delimiter: Delimiter;
  /** Where the header has another delimiter than the rows. */
  headerDelimiter?: Delimiter;
  quoting: Quoting;
};

/**
 * The dialect of the file that begins with `data` (byte order mark and `sep=` line taken off). One that is not RFC 4180's is
 * taken only where the whole beginning is written so. `stated`: the delimiter, where somebody said it.
 */
export function detectDialect(beginning: Beginning, isHeader: IsHeader, stated?: Delimiter): Dialect {
  for (const { quoting, encoding } of quotingCandidates(beginning)) {
    const typed = { ...beginning, encoding };
    const delimiter = stated ?? detectDelimiter(readingsOf(typed, quoting), isHeader);
    if (agreesWith(typed, delimiter, quoting)) return { delimiter, quoting };
  }
  const readings = readingsOf(beginning, 'double');
  const delimiters = detectHeaderDelimiter(readings, isHeader, stated);
  return { ...(delimiters ?? { delimiter: stated ?? detectDelimiter(readings, isHeader) }), quoting: 'double' };
}

function readingsOf(beginning: Beginning, quoting: Quoting): Reading[] {
  return DELIMITERS.map((delimiter) => ({ delimiter, records: firstRecords(beginning, delimiter, quoting) }));
}

/**
 * The delimiter of a file whose first records were read with each: the one under which one of them is a header, by its names. If
 * that is none, or several, the one that divides most records from the header on, or else from the first one on, into as many
 * fields as that one, weighed by how many that is. A header rarely holds the other separators:
 * `name;company;mobile;email` over rows that each have a comma in them is semicolons.
 * If no candidate divides the first record, the commonest number of fields counts instead (a title may stand above the
 * table). Equal: comma before semicolon before tab before bar. Nothing divided at all, one column: a comma.
 */
function detectDelimiter(all: readonly Reading[], isHeader: IsHeader): Delimiter {
  const named = all.flatMap(({ delimiter, records }) => {
    const index = records.slice(0, HEADER_WITHIN).findIndex((fields) => isHeader(cellsOf(fields, delimiter)));
    return index < 0 ? [] : [{ delimiter, records: records.slice(index) }];
  });
  const counts = (named.length > 0 ? named : all).map(({ delimiter, records }) => ({
    delimiter,
    counts: records.map((fields) => fields.length),
  }));
  const byHeader = best(counts.map(({ delimiter, counts }) => ({ delimiter, score: score(counts, counts[0] ?? 0) })));
  return (
    byHeader ??
    best(counts.map(({ delimiter, counts }) => ({ delimiter, score: score(counts, commonestOverOne(counts)) }))) ??
    ','
  );
}

/** What divides `employee_name,<tab>company_name` by tabs leaves the comma in a cell: such a cell is no name. */
function cellsOf(fields: readonly string[], delimiter: Delimiter): string[] {
  const others = DELIMITERS.filter((other) => other !== delimiter);
  return fields.map((field) => (others.some((other) => field.includes(other)) ? '' : field));
}

function best(candidates: { delimiter: Delimiter; score: number }[]): Delimiter | undefined {
  const highest = Math.max(...candidates.map(({ score }) => score));
  return highest > 0 ? candidates.find(({ score }) => score === highest)?.delimiter : undefined;
}

/** The share of records that have `fields` fields, times the delimiters in each of them. */
function score(counts: number[], fields: number): number {
  return counts.length === 0 ? 0 : (counts.filter((count) => count === fields).length / counts.length) * (fields - 1);
}

/** The commonest number of fields over 1, or 1. */
function commonestOverOne(counts: number[]): number {
  return commonest(counts.filter((count) => count > 1)) ?? 1;
}

/**
 * The fields of the first records, read with `delimiter`; none where a record is broken. The last record of a head may be
 * cut off: it is left out.
 */
function firstRecords({ data, encoding, isWhole }: Beginning, delimiter: Delimiter, quoting: Quoting): string[][] {
  const sample = data.subarray(0, endOfSample(data, encoding, delimiter, quoting));
  const records = [...parseSegment(sample, { delimiter, encoding, quoting, firstLine: 1 })]
    .flat()
    .map((record) => ('fields' in record ? record.fields : []));
  if (records.length > SAMPLE) return records.slice(0, SAMPLE);
  return isWhole || records.length === 1 ? records : records.slice(0, -1);
}

/** Where the record after the sample ends, in bytes: to scan 64 KiB takes a hundredth of the time that parsing them does. */
function endOfSample(data: Uint8Array, encoding: Encoding, delimiter: Delimiter, quoting: Quoting): number {
  const scanner = new RecordScanner(delimiter, 1, BOUNDS, quoting);
  scanner.load(toUnits(data, encoding), true);
  let step = scanner.next();
  for (let found = 0; step !== 'end' && step !== 'more'; step = scanner.next())
    if (step !== 'blank' && ++found > SAMPLE) return scanner.end * unitBytes(encoding);
  return data.byteLength;
}
