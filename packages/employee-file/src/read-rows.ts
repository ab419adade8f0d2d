import { type CsvRecord, causeOfFieldCount, type Dialect, parseSegment } from '@rowferry/csv';
import type { SegmentTask } from '@rowferry/messages';
import { type Row, type RowError, rowShaper, type ShapeRow } from '@rowferry/roster';
import { TimeSlice } from '@rowferry/runtime';
import { fitRow } from './fit-row.ts';
import type { Survey } from './survey.ts';

/** A segment, and all that is needed to read it on its own. */
export type ReadableSegment = Pick<
  SegmentTask,
  'segment' | 'start' | 'end' | 'firstLine' | 'delimiter' | 'quoting' | 'encoding' | 'header'
>;

/** The segments of a file, in file order. */
export function segmentsOf({ format, split, header }: Survey): ReadableSegment[] {
  return split.segments.map(({ index, start, end, firstLine }) => ({
    segment: index,
    start,
    end,
    firstLine,
    delimiter: format.delimiter,
    ...(format.quoting !== 'double' && { quoting: format.quoting }),
    encoding: split.encoding,
    header: header.map,
  }));
}

/** How a segment is read: with its bytes, from `start` to `end`. */
type Reading = Omit<ReadableSegment, 'start' | 'end'>;

/**
 * Every row of a segment, in file order and as it travels, in arrays of up to some hundreds. It lets the event loop run
 * every few milliseconds, whatever is in the file.
 */
export async function* readRows(
  { delimiter, quoting = 'double', encoding, firstLine, header, segment }: Reading,
  bytes: Uint8Array,
): AsyncGenerator<Row[], void, undefined> {
  const slice = new TimeSlice();
  const shapeRow = rowShaper(header);
  const dialect = { delimiter, quoting };
  let isHeader = segment === 0 && header.hasHeader;
  for (const records of parseSegment(bytes, { ...dialect, encoding, firstLine })) {
    if (records.length > 0) {
      const rows = isHeader ? records.slice(1) : records;
      isHeader = false;
      yield rows.map((record) => fitRow(toRow(record, shapeRow, dialect)));
    }
    if (slice.isOver) await slice.next();
  }
}

function toRow(record: CsvRecord, shapeRow: ShapeRow, dialect: Pick<Dialect, 'delimiter' | 'quoting'>): Row {
  if ('fields' in record) {
    const row = shapeRow(record.line, record.fields);
    return 'errors' in row ? { ...row, errors: explainFieldCount(row.errors, record.fields, dialect) } : row;
  }
  const { line, raw, error } = record;
  return { line, raw, errors: [{ ...error, column: null }] };
}

/** A row that has other fields than the header is often one that is quoted otherwise than the rest of its file. */
function explainFieldCount(
  errors: readonly RowError[],
  fields: readonly string[],
  dialect: Pick<Dialect, 'delimiter' | 'quoting'>,
): readonly RowError[] {
  const cause = causeOfFieldCount(fields, dialect);
  if (cause === undefined) return errors;
  return errors.map((error) =>
    error.code === 'field_count' ? { ...error, message: `${error.message}: ${cause}` } : error,
  );
}
