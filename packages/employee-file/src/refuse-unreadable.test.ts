import { isUtf8 } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import { HEAD_BYTES } from '@rowferry/csv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { survey } from './survey.ts';
import { UnreadableFileError } from './unreadable-file.ts';

const ROW = 'Ann,Acme,0301234567,ann@acme.example\n';
/** More rows than are looked at. */
const ROWS = ROW.repeat(Math.ceil((HEAD_BYTES + 1000) / ROW.length));

async function failureOf(read: Promise<unknown>) {
  try {
    await read;
    return undefined;
  } catch (error) {
    if (error instanceof UnreadableFileError) return error.failure;
    throw error;
  }
}

const refusal = (content: string | Buffer) => failureOf(refuseUnreadable([Buffer.from(content)]));
const surveyFailure = (content: string | Buffer) => failureOf(survey([Buffer.from(content)]));

describe('a file that cannot be read is refused with the failure that an upload of it has', () => {
  it.each([
    ['empty_file', ''],
    ['empty_file', '\ufeff\r\n , ,\n\x1a'],
    ['empty_file', 'sep=;\r\n'],
    ['not_csv', '%PDF-1.7\n'],
    ['missing_columns', 'name;company\nAnn;Acme\n'],
    ['missing_columns', `name,company,phone\n${ROWS}`],
    ['missing_columns', `\n\n  \nname,company,phone\n${ROWS}`],
    ['missing_columns', `"name,company,phone,email\n${ROW}`],
    ['missing_columns', 'nom,société,téléphone\n'],
    ['missing_columns', `nom,société,téléphone\n${ROWS}`],
    ['ambiguous_columns', `name,company,mobile,cell,email\n${ROWS}`],
    ['too_many_columns', `${','.repeat(20_000)}x\n${ROWS}`],
  ])('%s: %#', async (code, text) => {
    const failure = await refusal(text);

    expect(failure).toMatchObject({ code });
    expect(failure).toEqual(await surveyFailure(text));
  });

  it('in UTF-16, and in Windows-1252 of which the header already shows it', async () => {
    for (const bytes of [
      Buffer.from(`\ufeffname;company\r\n${ROWS}`, 'utf16le'),
      Buffer.from(`nom,soci\xe9t\xe9\n${ROWS}`, 'latin1'),
    ]) {
      expect(await refusal(bytes)).toMatchObject({ code: 'missing_columns' });
      expect(await refusal(bytes)).toEqual(await surveyFailure(bytes));
    }
  });
});

describe('a file passes whole', () => {
  it.each([
    ['that has a header', `name,company,email\n${ROWS}`],
    ['that has none', ROWS],
    ['that has a header alone', 'name,company,email'],
    ['whose header ends with the end mark of DOS', 'name,company,email\x1a'],
    ['whose header is longer than what is looked at', `${'x,'.repeat(HEAD_BYTES)}name,company,email\n`],
    ['whose header begins after what is looked at', `${'\n'.repeat(2 * HEAD_BYTES)}name,company,email\n`],
    ['of which a quote may close after what is looked at', `"name,company,phone\n${ROWS}`],
  ])('%s', async (_, text) => {
    const bytes = Buffer.from(text);
    for (const size of [1000, bytes.byteLength]) {
      const chunks = Array.from({ length: Math.ceil(bytes.byteLength / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect((await buffer(await refuseUnreadable(chunks))).equals(bytes)).toBe(true);
    }
  });

  // Byte 0xad is a soft hyphen in Windows-1252, which no name counts; in UTF-8 the same bytes are the letter "í".
  it('whose header is right in the encoding that a later byte may give it', async () => {
    const bytes = Buffer.concat([Buffer.from('name,company,em\xadail\n', 'latin1'), Buffer.from(ROWS)]);
    expect(await refusal(bytes)).toBeUndefined();
    expect(await surveyFailure(bytes)).toBeUndefined();
  });
});

it('closes the source of what it refuses', async () => {
  let released = false;
  async function* source() {
    try {
      for (;;) yield Buffer.from(`name,company\n${ROWS}`);
    } finally {
      released = true;
    }
  }
  await expect(refuseUnreadable(source())).rejects.toThrow(UnreadableFileError);
  expect(released).toBe(true);
});

it('refuses nothing that a survey of the whole file takes', async () => {
  const cell = fc.constantFrom('name', 'company', 'email', 'E\u2011Mail', 'phone', '"', '"a""b"', 'é', '\xad', ' ', '');
  const line = fc.array(cell, { maxLength: 5 }).map((cells) => cells.join(','));
  const text = fc.tuple(fc.array(line, { maxLength: 4 }), fc.constantFrom('\n', '\r', '\r\n'));
  const file = fc
    .tuple(text, fc.constantFrom('utf8', 'latin1', 'utf16le'), fc.constantFrom('', ROWS), fc.constantFrom('', '\ufeff'))
    .map(([[lines, end], encoding, rows, mark]) => Buffer.from(`${mark}${lines.join(end)}${end}${rows}`, encoding));
  await fc.assert(
    fc.asyncProperty(file, async (bytes) => {
      const refused = await refusal(bytes);
      if (refused === undefined) return;
      // Bytes of no text at all: the whole file may leave open what they are, where a bad header is sure.
      const codes = [refused.code, ...(isUtf8(bytes) ? [] : ['unknown_encoding'])];
      expect(codes).toContain((await surveyFailure(bytes))?.code);
    }),
    { numRuns: 100 },
  );
});
