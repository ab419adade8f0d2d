import { DELIMITERS, type Delimiter } from './dialect.ts';
import { readFields } from './read-fields.ts';

/** The first records of a file, read with one delimiter. */
export type Reading = { delimiter: Delimiter; records: readonly (readonly string[])[] };

/** Records below a header that must be divided as the header says: all but one in so many. */
const ODD_ONE_IN = 20;

/**
 * What Excel makes of a CSV with commas where the list separator is a semicolon: the header stays one cell, people type
 * their rows into cells, and saved the rows have semicolons. So it may be with any two delimiters. `readings`: with each.
 *
 * @returns undefined where one delimiter will do.
 */
export function detectHeaderDelimiter(
  readings: readonly Reading[],
  isHeader: (cells: readonly string[]) => boolean,
  stated?: Delimiter,
): { delimiter: Delimiter; headerDelimiter: Delimiter } | undefined {
  for (const { delimiter, records } of readings) {
    if (stated !== undefined && delimiter !== stated) continue;
    for (const headerDelimiter of DELIMITERS) {
      if (headerDelimiter === delimiter) continue;
      const index = records.findIndex((fields) => isHeader(cellsOfLine(fields, headerDelimiter)));
      if (index < 0) continue;
      const width = cellsOfLine(records[index] ?? [], headerDelimiter).length;
      const rows = records.slice(index + 1);
      const odd = rows.filter((fields) => !isDivided(fields, width)).length;
      const others = readings.find((reading) => reading.delimiter === headerDelimiter)?.records.slice(index + 1) ?? [];
      const isOneForAll = others.filter((fields) => fields.length >= width).length * ODD_ONE_IN > others.length;
      if (rows.length > 0 && odd * ODD_ONE_IN <= rows.length && !isOneForAll) return { delimiter, headerDelimiter };
    }
  }
  return undefined;
}

/** The cells of a header, whose record was read with the delimiter of the rows. */
export function headerCells(
  fields: readonly string[],
  { headerDelimiter }: { headerDelimiter?: Delimiter | undefined },
): readonly string[] {
  if (headerDelimiter === undefined) return fields;
  const cells = cellsOfLine(fields, headerDelimiter);
  return cells.length > 0 ? cells : fields;
}

/** The cells of a line that stands in the first field, with empty ones beside it; none if it does not. */
function cellsOfLine(fields: readonly string[], delimiter: Delimiter): string[] {
  const [line = '', ...others] = fields;
  if (!line.includes(delimiter) || others.some((field) => field !== '')) return [];
  return readFields(line, delimiter, 'double')?.map(({ text }) => text) ?? [];
}

/** Whether a row has as many fields as the header, or a few less that are blank, or more that are. */
function isDivided(fields: readonly string[], width: number): boolean {
  return fields.length > 1 && fields.length >= width - 1 && fields.slice(width).every((field) => field === '');
}
