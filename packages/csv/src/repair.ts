import type { Delimiter, Quoting } from './dialect.ts';
import { readFields } from './read-fields.ts';

/**
 * Rewrites a record so that csv-parse sees in it what the scanner does: every field quoted as RFC 4180 says, every quote in
 * it doubled, no spaces outside. It is needed for every record of a file that is quoted otherwise; and for irregular ones:
 * those with a lone quote in a quoted field (`"Ann "Annie" Lee"`), which csv-parse 7.0.3 refuses together with `trim`, and
 * those with a quote after white space other than space and tab.
 *
 * `record`: the text of one record that the scanner found whole, without its line end.
 */
export function repairRecord(record: string, delimiter: Delimiter, quoting: Quoting): string {
  const fields = readFields(record, delimiter, quoting);
  if (fields === undefined) throw new Error('repairRecord() was given a record with an open quote');
  return fields.map(({ text }) => `"${text.replaceAll('"', '""')}"`).join(delimiter);
}
