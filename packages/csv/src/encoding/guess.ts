import { TimeSlice } from '@rowferry/runtime';
import type { Encoding } from '../dialect.ts';
import { ENCODING_PRIORS, LANGUAGE_NAMES, type LanguageName } from './languages.ts';
import { decodeAs, isUnreadable, type UnreadableEncoding } from './unreadable-encodings.ts';
import { type Costs, costsOf, outline } from './word-cost.ts';

/** What nearly every file is in that is not in Unicode. */
const DEFAULT: Encoding = 'windows-1252';
/** How sure a guess must be, of 1. One word may do for the default; another encoding takes more. */
const SURE_OF_DEFAULT = 0.95;
const SURE = 0.99;
/** A candidate with a smaller share is none. */
const POSSIBLE = 1e-5;
/** Share of words in the best reading that nobody would write. */
const FLAWED_SHARE = 0.15;
/** Different words that are looked at. */
const WORDS_MAX = 500;
/** Nats by which a word in another language than most is less likely. */
const OTHER_LANGUAGE = 4;
/** Share of the rosters in an encoding that are in a language which others are for. */
const STRANGE_LANGUAGE = 0.002;
/** Share of those with people of many countries; and nats that it takes to say of which one a word is. */
const INTERNATIONAL = { share: 0.1, word: 1.8 };
/**
 * What bytes cost of which nothing is known: share of such files, and nats of a letter of ASCII, of a byte among such
 * letters and of one among its like. Who reads a text worse than that does not read it.
 */
const NOISE = { share: 0.01, letter: 3, amongLetters: 5.5, byte: 4.6 };

/** Nats below which nothing adds to a sum of likelihoods. */
const HOPELESS = 40;

export type Candidate = { encoding: Encoding | UnreadableEncoding; share: number };
export type Guess = {
  /** The most likely encoding. */
  encoding: Encoding;
  /** How likely it is among the candidates, of 1. */
  confidence: number;
  isSure: boolean;
  /** All that stay possible, the likely ones first; two that read the same text are one. */
  candidates: Candidate[];
};

/**
 * In which encoding, other than Unicode, a file is. For every encoding and language: how likely is it that a roster in them
 * has these words? The likelihoods of all of them make the confidence. It lets the event loop run.
 *
 * @param lines of the file, with bytes over ASCII. @param bytes all bytes over ASCII that are in the file.
 */
export async function guessEncoding(lines: readonly Uint8Array[], bytes: Iterable<number>): Promise<Guess> {
  const words = distinctWords(lines);
  const noise = Math.log(NOISE.share) - words.reduce((sum, word) => sum + noiseCost(word), 0);
  const slice = new TimeSlice();
  const readings: Reading[] = [];
  for (const prior of ENCODING_PRIORS) {
    readings.push({ encoding: prior.encoding, ...read(words, prior, noise) });
    if (slice.isOver) await slice.next();
  }
  const candidates = candidatesAmong(readings, noise, Uint8Array.from(bytes).sort());
  const [first = { encoding: DEFAULT, share: 0, flaws: 0 }, ...others] = candidates;
  const isFlawed = first.flaws > words.length * FLAWED_SHARE || others.some(({ flaws }) => flaws < first.flaws);
  const known = isUnreadable(first.encoding) ? undefined : first.encoding;
  return {
    encoding: known ?? DEFAULT,
    confidence: known === undefined ? 0 : first.share,
    isSure: known !== undefined && first.share >= (known === DEFAULT ? SURE_OF_DEFAULT : SURE) && !isFlawed,
    candidates: candidates.map(({ encoding, share }) => ({ encoding, share })),
  };
}

type Reading = { encoding: Prior['encoding']; logShare: number; flaws: number };

/** The readings that stay possible, with their shares. Those that make the same text of all bytes are one, under the first name. */
function candidatesAmong(readings: readonly Reading[], noise: number, bytes: Uint8Array) {
  const best = Math.max(noise, ...readings.map(({ logShare }) => logShare));
  const byText = new Map<string, Candidate & { flaws: number }>();
  let total = Math.exp(noise - best);
  for (const { encoding, logShare, flaws } of readings) {
    const share = Math.exp(logShare - best);
    total += share;
    const text = MULTI_BYTE.has(encoding) ? encoding : decodeAs(bytes, encoding);
    const same = byText.get(text);
    if (same === undefined) byText.set(text, { encoding, share, flaws });
    else same.share += share;
  }
  return [...byText.values()]
    .map((candidate) => ({ ...candidate, share: candidate.share / total }))
    .sort((a, b) => b.share - a.share)
    .filter(({ share }, index) => index === 0 || share > POSSIBLE);
}

type Prior = (typeof ENCODING_PRIORS)[number];

/** The logarithm of how likely `words` are in an encoding, over the languages it is used for. */
function read(words: readonly Uint8Array[], prior: Prior, noise: number): { logShare: number; flaws: number } {
  // A line end is one in all of them.
  const text = decodeAs(Buffer.concat(words.flatMap((word) => [word, LINE_END])), prior.encoding);
  const outlines = text.split('\n').slice(0, -1).map(outline);
  const flaws = outlines.filter(({ isFlawed }) => isFlawed).length;
  const penalty = outlines.reduce((sum, words) => sum + words.penalty, 0);
  // Most encodings end here: whatever the letters cost, it is less likely than noise.
  if (-penalty < noise - HOPELESS) return { logShare: Number.NEGATIVE_INFINITY, flaws };
  const home = LANGUAGE_NAMES.filter((language) => language in prior.languages);
  const costs = outlines.map(costsOf).map((costs) => ({
    ...costs,
    least: leastOf(costs, LANGUAGE_NAMES),
    leastAtHome: leastOf(costs, home),
  }));
  const weights = Object.values(prior.languages).reduce((sum, weight) => sum + weight, 0);
  const logShares = LANGUAGE_NAMES.map((language) => {
    let cost = 0;
    for (const { byLanguage, elsewhere, least } of costs)
      cost += Math.min(byLanguage[language] ?? elsewhere, least + OTHER_LANGUAGE);
    const share = Math.max(STRANGE_LANGUAGE, (prior.languages[language] ?? 0) / weights);
    return Math.log(share) - cost;
  });
  const international = costs.reduce((sum, { leastAtHome }) => sum + leastAtHome + INTERNATIONAL.word, 0);
  logShares.push(Math.log(INTERNATIONAL.share) - international);
  return { logShare: Math.log(prior.share / 100) + logSum(logShares) - penalty, flaws };
}

function leastOf({ byLanguage, elsewhere }: Costs, languages: readonly LanguageName[]): number {
  return Math.min(elsewhere, ...languages.map((language) => byLanguage[language] ?? elsewhere));
}

function noiseCost(word: Uint8Array): number {
  let letters = 0;
  let others = 0;
  for (const byte of word) {
    if (byte >= 0x80) others++;
    else if ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) letters++;
  }
  return letters * NOISE.letter + others * (letters > 0 ? NOISE.amongLetters : NOISE.byte);
}

function logSum(logs: readonly number[]): number {
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
}

const MULTI_BYTE: ReadonlySet<string> = new Set<Encoding>(['shift_jis', 'euc-jp', 'gb18030', 'big5', 'euc-kr']);
const LINE_END = Uint8Array.of(0x0a);

/**
 * The first different words with a byte over ASCII, and all that have one not seen before. They end where in no encoding a
 * character is: before a byte under 0x40, of which none but digits is the later part of a character, and those only in
 * characters that names do not have.
 */
function distinctWords(lines: readonly Uint8Array[]): Uint8Array[] {
  const words = new Map<string, Uint8Array>();
  const seen = new Set<number>();
  for (const line of lines) {
    let start = 0;
    let isWide = false;
    let hasNews = false;
    for (let i = 0; i <= line.byteLength; i++) {
      const byte = line[i] ?? 0;
      if (byte >= 0x80) {
        isWide = true;
        hasNews ||= !seen.has(byte);
        seen.add(byte);
      }
      if (byte >= 0x40) continue;
      if (isWide && (hasNews || words.size < WORDS_MAX)) {
        const word = line.subarray(start, i);
        words.set(Buffer.from(word).toString('latin1'), word);
      }
      start = i + 1;
      isWide = false;
      hasNews = false;
    }
  }
  return [...words.values()];
}
