import type { DryRun } from '../api/types.ts';

const HEAD_BYTES = 64 * 1024;
const DELIMITERS = [',', ';', '\t', '|'] as const;

/**
 * The cells of a file's header line, for choosing among them. Where the API could not tell the format, as of a file with
 * columns that it does not know, the delimiter that stands most often in the line is taken.
 */
export async function headerCellsOf(file: File, detected: DryRun['detected'], stated?: string): Promise<string[]> {
  const bytes = await file.slice(0, HEAD_BYTES).arrayBuffer();
  const text = new TextDecoder(stated ?? detected?.encoding ?? encodingOf(new Uint8Array(bytes))).decode(bytes);
  const lines = text.replace(/^sep=.\r?\n/i, '').split(/\r\n|\r|\n/);
  const line = lines.find((candidate) => /[^,;\t|"\s]/.test(candidate)) ?? '';
  const delimiter = detected?.delimiter ?? mostOf(line);
  return splitLine(line, delimiter).filter((cell) => cell !== '');
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function mostOf(line: string): string {
  const times = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.toSorted((a, b) => times(b) - times(a))[0] ?? ',';
}

/** The fields of one line (RFC 4180). */
export function splitLine(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let rest: string | undefined = line;
  while (rest !== undefined) {
    const quoted: RegExpExecArray | null = /^\s*"((?:[^"]|"")*)"\s*/.exec(rest);
    const after: string = quoted === null ? rest : rest.slice(quoted[0].length);
    const end: number = after.indexOf(delimiter);
    const text: string = end < 0 ? after : after.slice(0, end);
    cells.push((quoted === null ? text : `${quoted[1]}${text}`).replaceAll('""', '"').trim());
    rest = end < 0 ? undefined : after.slice(end + delimiter.length);
  }
  return cells;
}
