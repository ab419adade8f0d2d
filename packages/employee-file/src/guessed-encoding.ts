import { type CsvFormat, decodeAs, type EncodingGuess } from '@rowferry/csv';
import { ENCODINGS, type ReadSettings } from '@rowferry/messages';
import type { UploadFailure, Warning } from '@rowferry/roster';
import { type EncodingSample, UnreadableFileError } from './unreadable-file.ts';

const CANDIDATES_MAX = 5;
/** A candidate with a smaller part of the share of the first is not named. */
const LIKELY_SHARE = 0.01;
const CELLS_MAX = 5;
const CELL_CHARACTERS_MAX = 200;

/** @throws UnreadableFileError when it is not clear in which encoding a file is: it would land as other text than it has. */
export function refuseUnclear(guess: EncodingGuess, { delimiter }: Pick<CsvFormat, 'delimiter'>): void {
  if (guess.isSure) return;
  const [first, ...others] = guess.candidates;
  const likely = others.filter(({ share }) => share > (first?.share ?? 0) * LIKELY_SHARE);
  const names = [first, ...likely].slice(0, CANDIDATES_MAX).flatMap((candidate) => candidate?.encoding ?? []);
  // What is not read cannot be stated either, so it is no choice.
  throw new UnreadableFileError(unknownEncoding(names), {
    encodings: samplesOf(guess, names.filter(isRead), delimiter),
  });
}

function unknownEncoding(names: readonly string[]): UploadFailure {
  const readable = names.find(isRead);
  const list = names.map((name) => (isRead(name) ? name : `${name} (which is not read)`)).join(' or ');
  const state = readable === undefined ? '' : ` Or state its encoding, as in encoding=${readable}.`;
  return {
    code: 'unknown_encoding',
    detail:
      `It is not clear in which encoding the file is; it may be ${list}. Save it as CSV UTF-8, then send that file.${state} ` +
      'A dry run shows what the file says in each.',
  };
}

function isRead(name: string): boolean {
  return ENCODINGS.some((known) => known === name);
}

/** For each of these encodings the first cells that are not the same in all. */
function samplesOf(
  guess: EncodingGuess,
  names: readonly EncodingGuess['candidates'][number]['encoding'][],
  delimiter: string,
): EncodingSample[] {
  const samples = names.map((encoding) => ({ encoding, cells: [] as string[] }));
  for (const line of guess.lines) {
    const texts = names.map((encoding) => decodeAs(line, encoding));
    if (names.length > 1 && new Set(texts).size === 1) continue;
    for (const [index, { cells }] of samples.entries()) {
      for (const cell of wideCells(texts[index] ?? '', delimiter))
        if (cells.length < CELLS_MAX && !cells.includes(cell)) cells.push(cell);
    }
    if (samples.every(({ cells }) => cells.length === CELLS_MAX)) break;
  }
  return samples;
}

function wideCells(text: string, delimiter: string): string[] {
  const cells = text.split(delimiter).filter((cell) => /[^\0-\x7f]/.test(cell));
  return cells.map((cell) =>
    cell
      .replace(/^[\s"]+|[\s"]+$/g, '')
      .slice(0, CELL_CHARACTERS_MAX)
      .toWellFormed(),
  );
}

/** What is said of a guess that was sure enough. */
export function guessedEncoding({ encoding }: EncodingGuess): Warning {
  return {
    code: 'encoding_guessed',
    column: null,
    text:
      `The file does not say in which encoding it is; it was read as ${encoding}. If letters with accents or of other ` +
      'alphabets are wrong, save it as CSV UTF-8, or state its encoding, and send it again.',
    count: 1,
    lines: [],
  };
}

/** @throws UnreadableFileError when another encoding is stated than the file's first bytes are. */
export function refuseContradiction({ bom, encoding }: CsvFormat, { encoding: stated }: ReadSettings): void {
  if (!bom || stated === undefined || stated === encoding) return;
  throw new UnreadableFileError({
    code: 'settings_mismatch',
    detail: `The settings say that the file is in ${stated}, but it begins with the byte order mark of ${encoding}. Leave the encoding out.`,
  });
}
