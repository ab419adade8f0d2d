import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';

/** A request in JSON without its long texts: where they stood are their numbers, 0 for the first. */
export type SplitJson = { readonly rest: unknown; readonly texts: readonly JsonText[] };

/** A string as it stands between the quotes, and of the UTF-8 that it means the length in bytes and the MD5 in hex. */
export type JsonText = { readonly json: Buffer; readonly length: number; readonly md5: string };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
/** The first byte of U+FFFE and U+FFFF, which SQS does not take: EF BF BE and EF BF BF. */
const NONCHARACTER = 0xef;

/** What stands behind a backslash, and the byte that both mean; 0 for \u and its digits, and for what SQS does not take. */
const MEANINGS = new Uint8Array(256);
for (const [letter, meaning] of ['""', '\\\\', '//', 'n\n', 'r\r', 't\t'].map((pair) => Buffer.from(pair)))
  MEANINGS[letter ?? 0] = meaning ?? 0;

/** For one text after the other. */
let utf8 = new Uint8Array(256 * 1024);

/**
 * Takes the strings that are called `name` out of a request. As strings of JavaScript they would cost two bytes a character
 * (one that is no Latin-1 is enough), and a conversion each for the parser, the digest, the disk and the answer.
 *
 * Only as the AWS SDK for JavaScript writes them: no space around the colon, no escape of four digits; and only what SQS takes.
 *
 * @returns undefined for everything else, which has to be read by JSON.parse
 */
export function splitJson(request: Buffer, name: string): SplitJson | undefined {
  if (!isUtf8(request)) return undefined;
  const start = Buffer.from(`"${name}":"`);
  const texts: JsonText[] = [];
  let rest = '';
  let end = 0;
  for (let found = request.indexOf(start); found >= 0; found = request.indexOf(start, end)) {
    const text = request[found - 1] === BACKSLASH ? undefined : readText(request, found + start.length);
    if (text === undefined) return undefined;
    rest += `${request.toString('utf8', end, found + start.length - 1)}${texts.length}`;
    end = found + start.length + text.json.length + 1;
    texts.push(text);
  }
  try {
    return { rest: JSON.parse(rest + request.toString('utf8', end)), texts };
  } catch {
    return undefined;
  }
}

/** The string whose first byte behind the quote is at `start`. */
function readText(request: Buffer, start: number): JsonText | undefined {
  if (utf8.length < request.length) utf8 = new Uint8Array(request.length);
  const target = utf8;
  let length = 0;
  for (let at = start; at < request.length; at++) {
    let byte = request[at] ?? 0;
    if (byte === QUOTE) {
      return { json: request.subarray(start, at), length, md5: hash('md5', target.subarray(0, length)) };
    }
    if (byte === BACKSLASH) {
      at += 1;
      byte = MEANINGS[request[at] ?? 0] ?? 0;
      if (byte === 0) return undefined;
    } else if (byte < SPACE || (byte === NONCHARACTER && isNoncharacter(request, at))) return undefined;
    target[length] = byte;
    length += 1;
  }
  return undefined;
}

function isNoncharacter(request: Buffer, at: number): boolean {
  return request[at + 1] === 0xbf && (request[at + 2] ?? 0) >= 0xbe;
}
