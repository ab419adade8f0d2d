import { type Delimiter, type Quoting, SPACE, TAB } from './dialect.ts';

/** A field of one record. */
export interface LineField {
  /** As it was meant: without its quotes and escapes, trimmed where it was not quoted. */
  text: string;
  quoted: boolean;
  /** Whether every quote inside is written as this quoting asks; one that stands alone is a character all the same. */
  isStrict: boolean;
}

/** Marks that open a quoted field, each with those that close it: English, German, French, Nordic, Dutch, Japanese. */
const TYPOGRAPHIC_QUOTES: ReadonlyMap<string, string> = new Map([
  ['“', '”'],
  ['„', '“”'],
  ['”', '”'],
  ['«', '»'],
  ['»', '«»'],
  ['‘', '’'],
  ['‚', '‘’'],
  ['’', '’'],
  ['‹', '›'],
  ['›', '‹›'],
  ['「', '」'],
  ['『', '』'],
  ['＂', '＂'],
]);

/** All marks that open one. */
export const TYPOGRAPHIC_OPENING = [...TYPOGRAPHIC_QUOTES.keys()].join('');

/**
 * The fields of one record by the scanner's rules; undefined where a quote is not closed.
 *
 * @param record its text, without its line end.
 */
export function readFields(record: string, delimiter: Delimiter, quoting: Quoting): LineField[] | undefined {
  if (quoting !== 'whole-line') return divide(record, delimiter, quoting);
  const outer = divide(record, delimiter, 'double');
  return outer === undefined || !isWrapped(outer) ? outer : unwrap(outer[0].text, delimiter);
}

/** Whether a record is a line in one pair of quotes; empty cells beside it may follow. */
export function isWrapped(fields: readonly LineField[]): fields is [LineField, ...LineField[]] {
  return fields[0]?.quoted === true && fields.slice(1).every(({ text }) => text === '');
}

/** The line in the quotes of a whole line. Where its own quotes are not closed it stays one field. */
function unwrap(line: string, delimiter: Delimiter): LineField[] {
  return divide(line, delimiter, 'double') ?? [{ text: line, quoted: true, isStrict: false }];
}

function divide(record: string, delimiter: Delimiter, quoting: Quoting): LineField[] | undefined {
  const fields: LineField[] = [];
  // Whether a mark closes depends on what is around it alone: what one field did not find, no later one will.
  const notFound = new Set<string>();
  for (let from = 0; from <= record.length; ) {
    const start = skipSpaces(record, from, delimiter);
    const closers = closersOf(record.charAt(start), quoting);
    const mayClose = closers !== '' && !notFound.has(closers);
    const quoted = mayClose ? readQuoted(record, start, delimiter, quoting, closers) : undefined;
    if (quoted !== undefined) {
      fields.push(quoted.field);
      from = quoted.end + 1;
      continue;
    }
    // A typographic quote that is not closed on its line was none.
    if (closers !== '' && quoting !== 'typographic') return undefined;
    notFound.add(closers);
    const at = record.indexOf(delimiter, from);
    const end = at < 0 ? record.length : at;
    fields.push({ text: record.slice(from, end).trim(), quoted: false, isStrict: closers === '' });
    from = end + 1;
  }
  return fields;
}

/** The marks that close a field which begins with `mark`; none: it is not quoted. */
function closersOf(mark: string, quoting: Quoting): string {
  if (quoting === 'typographic') return TYPOGRAPHIC_QUOTES.get(mark) ?? '';
  return mark === (quoting === 'single' ? "'" : '"') ? mark : '';
}

function readQuoted(
  record: string,
  open: number,
  delimiter: Delimiter,
  quoting: Quoting,
  closers: string,
): { field: LineField; end: number } | undefined {
  let isStrict = true;
  for (let i = open + 1; i < record.length; ) {
    if (!closers.includes(record.charAt(i)) || (quoting === 'backslash' && isEscaped(record, i))) {
      i++;
      continue;
    }
    if (quoting !== 'typographic' && record[i + 1] === record[i]) {
      isStrict &&= quoting !== 'backslash';
      i += 2;
      continue;
    }
    const end = skipSpaces(record, i + 1, delimiter);
    if (end === record.length || record[end] === delimiter) {
      const text = unescapeText(record.slice(open + 1, i), quoting);
      return { field: { text, quoted: true, isStrict }, end };
    }
    isStrict = false;
    i = end;
  }
  return undefined;
}

function isEscaped(record: string, quote: number): boolean {
  let first = quote;
  while (record[first - 1] === '\\') first--;
  return (quote - first) % 2 === 1;
}

/**
 * With backslashes, what MySQL writes (SELECT … INTO OUTFILE): one before a quote, a backslash or a line end takes its
 * meaning away. One before a letter or digit stays: nobody can tell `\n` from the beginning of a name in `Oak\new`.
 */
function unescapeText(text: string, quoting: Quoting): string {
  switch (quoting) {
    case 'backslash':
      return text.replace(/\\([\0-/:-@[-`{-\x7f])|""/g, (_, escaped: string | undefined) => escaped ?? '"');
    case 'single':
      return text.replaceAll("''", "'");
    case 'typographic':
      return text;
    default:
      return text.replaceAll('""', '"');
  }
}

function skipSpaces(text: string, from: number, delimiter: Delimiter): number {
  const tab = delimiter === '\t' ? SPACE : TAB;
  let i = from;
  while (text.charCodeAt(i) === SPACE || text.charCodeAt(i) === tab) i++;
  return i;
}
