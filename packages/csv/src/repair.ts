import { type Delimiter, QUOTE, SPACE, TAB } from './dialect.ts';

/**
 * Rewrites an irregular record so that csv-parse sees in it what the scanner does: every field quoted, every quote in it
 * doubled, no spaces outside. Irregular are records with a lone quote in a quoted field (`"Ann "Annie" Lee"`), which
 * csv-parse 7.0.3 refuses together with `trim`, and those with a quote after white space other than space and tab.
 *
 * `record`: the text of one record that the scanner found whole, without its line end.
 */
export function repairRecord(record: string, delimiter: Delimiter): string {
  const fields: string[] = [];
  for (let from = 0; from <= record.length; ) {
    const start = skipSpaces(record, from, delimiter);
    const quoted = record.charCodeAt(start) === QUOTE;
    const close = quoted ? findClosingQuote(record, start + 1, delimiter) : -1;
    const end = quoted ? skipSpaces(record, close + 1, delimiter) : endOfUnquoted(record, from, delimiter);
    const content = quoted ? record.slice(start + 1, close).replaceAll('""', '"') : record.slice(from, end).trim();
    fields.push(`"${content.replaceAll('"', '""')}"`);
    from = end + 1;
  }
  return fields.join(delimiter);
}

function skipSpaces(text: string, from: number, delimiter: Delimiter): number {
  const tab = delimiter === '\t' ? SPACE : TAB;
  let i = from;
  while (text.charCodeAt(i) === SPACE || text.charCodeAt(i) === tab) i++;
  return i;
}

function endOfUnquoted(text: string, from: number, delimiter: Delimiter): number {
  const end = text.indexOf(delimiter, from);
  return end < 0 ? text.length : end;
}

function findClosingQuote(text: string, from: number, delimiter: Delimiter): number {
  for (let i = text.indexOf('"', from); i >= 0; ) {
    if (text.charCodeAt(i + 1) === QUOTE) {
      i = text.indexOf('"', i + 2);
      continue;
    }
    const after = skipSpaces(text, i + 1, delimiter);
    if (after === text.length || text[after] === delimiter) return i;
    // A line end inside the record text is inside quotes, so a quote before one would have closed: it cannot come here.
    i = text.indexOf('"', after);
  }
  throw new Error('repairRecord() was given a record with an open quote');
}
