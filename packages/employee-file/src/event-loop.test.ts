import { type Row, validateRow } from '@rowferry/roster';
import { expect, test } from 'vitest';
import { watchEventLoop } from '../test/event-loop.ts';
import { readRows, segmentsOf } from './read-rows.ts';
import { RecordFinder } from './record-finder.ts';
import { survey } from './survey.ts';
import { UnreadableFileError } from './unreadable-file.ts';

const KIB = 1024;
const SIZE = 3 * KIB * KIB;
const HEADER = 'name,company,phone,email\n';
/** Failed rows looked up in a file, spread over it: each costs the same. */
const LOOKUPS = 1000;

/** A file of SIZE whose header is followed by the same over and over. */
function repeated(piece: string | Buffer, header = HEADER): Buffer {
  return Buffer.concat([Buffer.from(header), Buffer.alloc(SIZE, piece)]);
}

const MARKS = '\u0323\u0301'.repeat(16 * KIB - 1);

const FILES: Record<string, Buffer> = {
  'equal header names': repeated('x', `${'name,'.repeat(16 * KIB)}email\n`),
  'too many equal header names': repeated('a,b,c,d\n', `${'name,'.repeat(50 * KIB)}\n`),
  'a header cell of 3 MiB': repeated('x', ''),
  'names of endless accents': repeated(`a${MARKS},b${MARKS},1,a@b.example\n`),
  'header names of endless accents': repeated('x\n', `name,company,email,${MARKS},${MARKS},${MARKS}\n`),
  'quotes alone': repeated('"'),
  'a quote on each line': repeated('"a\n'),
  'quoted cells without end': repeated('"a\nb",'),
  'quotes that alternate with letters': repeated('"a"b'),
  'unescaped quotes': repeated('"Ann "Annie" Lee",Acme,1,a@b.example\n'),
  'delimiters alone': repeated(','),
  'rows of nothing but delimiters and a letter': repeated(`a${','.repeat(250 * KIB)}\n`),
  'rows of as many fields as fit': repeated(`${'a,'.repeat(125 * KIB)}\n`),
  'quoted fields of 64 KiB': repeated(`"${' \u200b'.repeat(15 * KIB)}",b,1,a@b.example\n`),
  'addresses that are almost well formed': repeated(`a,b,1,${'a.'.repeat(30 * KIB)}@${'a-'.repeat(500)}\n`),
  apostrophes: repeated(`a,b,1,${"'".repeat(60 * KIB)}\n`),
  'empty lines': repeated('\n'),
  'an employee among empty lines': repeated(`Ann,Acme,1,a@b.example${'\n'.repeat(100_000)}`),
  'spaces alone': repeated(' '),
  'carriage returns alone': repeated('\r', HEADER.replace('\n', '\r')),
  NULs: repeated('a\0,b\0,\0,\0@\0\n', HEADER.repeat(4000)),
  'lone surrogates': Buffer.concat([
    Buffer.from(`\ufeff${HEADER}`, 'utf16le'),
    Buffer.alloc(SIZE, '\ud800', 'utf16le'),
  ]),
  'quoted lone surrogates': Buffer.concat([
    Buffer.from(`\ufeff${HEADER}`, 'utf16le'),
    Buffer.alloc(SIZE, `"${'\ud83d'.repeat(200)}",\udc00,1,a@b\n`, 'utf16le'),
  ]),
  'bytes that are not UTF-8': repeated(Buffer.from([0xe2, 0x82, 0x2c, 0xff, 0x0a])),
};

/** As many rows of a quoting as a beginning has, and then what goes wrong in it. */
function quotedOtherwise(header: string, row: string, piece: string): Buffer {
  return repeated(piece, header + row.repeat((70 * KIB) / row.length));
}

const VARIANTS: Record<string, Buffer> = {
  'typographic quotes that open and do not close': quotedOtherwise(
    '“name”,“company”,“email”\n',
    '“Ann”,“Acme”,“a@b.example”\n',
    `${'“a,”b,„c,»d,'.repeat(8 * KIB)}\n`,
  ),
  'backslashes before quotes': quotedOtherwise(
    '"name","company","email"\n',
    '"Ann","The \\"Oak\\"","a@b.example"\n',
    `"${'\\\\'.repeat(20 * KIB)}\\"${'\\"'.repeat(5 * KIB)}\n`,
  ),
  'single quotes that open on each line': quotedOtherwise(
    "'name','company','email'\n",
    "'Ann','Acme','a@b.example'\n",
    "'a\nb',",
  ),
  'whole lines of nothing but quotes': quotedOtherwise(
    '"name,company,email"\n',
    '"Ann,Acme,a@b.example"\n',
    `"${'""a,'.repeat(10 * KIB)}"\n`,
  ),
};

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 64 * KIB) yield Buffer.concat([bytes.subarray(at, at + 64 * KIB)]);
}

/** Everything that is done with a file of somebody: surveyed, read, checked, and its failed rows found again. */
async function readEverything(file: Buffer): Promise<void> {
  const surveyed = await survey(chunksOf(file)).catch((error: unknown) => {
    if (!(error instanceof UnreadableFileError)) throw error;
  });
  if (surveyed === undefined) return;
  const segments = segmentsOf(surveyed);
  const lines: number[] = [];
  for (const segment of segments)
    for await (const rows of readRows(segment, file.subarray(segment.start, segment.end)))
      for (const row of rows) if (!isGood(row)) lines.push(row.line);
  const finder = new RecordFinder(segments, async ({ start, end }) => file.subarray(start, end));
  const step = Math.max(1, Math.floor(lines.length / LOOKUPS));
  for (let index = 0; index < lines.length; index += step) {
    expect(await finder.find(lines[index] ?? 0)).toBeDefined();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function isGood(row: Row): boolean {
  return validateRow(row).ok;
}

/**
 * The goal is 50 ms. Twenty times as much is allowed, since V8 collects garbage and compiles meanwhile, and counts for the
 * coverage what it runs; what is looked for here takes many seconds. How long others wait is told by the clock, which counts
 * waiting for a processor, too.
 */
test.each(Object.keys({ ...FILES, ...VARIANTS }))(
  'nothing waits long for a file of %s',
  async (name) => {
    const file = { ...FILES, ...VARIANTS }[name] ?? Buffer.alloc(0);
    const { cpuMs, delayMs } = await watchEventLoop(() => readEverything(file));
    expect(cpuMs).toBeLessThan(1000);
    expect(delayMs).toBeLessThan(5000);
  },
  120_000,
);
