import { randomUUID } from 'node:crypto';
import { setupDatabase } from '@rowferry/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Database } from './connect.ts';
import { plainArray, textArray } from './sql-values.ts';

/** What Postgres makes of an array in text form; as JSON, so that no driver's own reading of arrays is trusted. */
async function elementsOf(database: Database, literal: string, type: string): Promise<unknown> {
  const { rows } = await database.raw<{ rows: { elements: unknown }[] }>(`select to_jsonb(?::${type}[]) as elements`, [
    literal,
  ]);
  return rows[0]?.elements;
}

/** What means something in an array's text form, unless it is quoted. */
const SPECIAL = [
  '',
  'NULL',
  'null',
  '{',
  '}',
  '{}',
  ',',
  '"',
  '\\',
  '\\"',
  '""',
  ' ',
  ' a ',
  '\t',
  '\n',
  '\r\n',
  "'",
  '?',
  '$1',
];

test('everything that means something in an array’s text form is only text', async () => {
  const { database } = await setupDatabase();

  expect(await elementsOf(database, textArray(SPECIAL), 'text')).toEqual(SPECIAL);
});

test('any texts come out as they went in', async () => {
  const { database } = await setupDatabase();
  const piece = fc.oneof(fc.constantFrom(...SPECIAL), fc.string({ unit: 'binary' }));
  // Postgres has no NUL in text; the rules of a row keep it out.
  const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join('').replaceAll('\0', ''));
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 20 }), async (values) => {
      expect(await elementsOf(database, textArray(values), 'text')).toEqual(values);
    }),
  );
});

test('any JSON comes out as it went in', async () => {
  const { database } = await setupDatabase();
  const json = fc.jsonValue({ noUnicodeString: false }).filter((value) => !JSON.stringify(value).includes('\\u'));
  await fc.assert(
    fc.asyncProperty(fc.array(json, { maxLength: 5 }), async (values) => {
      const literals = values.map((value) => JSON.stringify(value));
      expect(await elementsOf(database, textArray(literals), 'jsonb')).toEqual(JSON.parse(JSON.stringify(values)));
    }),
  );
});

test('numbers and UUIDs need no quotes, and no elements are an empty array', async () => {
  const { database } = await setupDatabase();
  const ids = [randomUUID(), randomUUID()];

  expect(await elementsOf(database, plainArray([0, -1, 2_147_483_647]), 'integer')).toEqual([0, -1, 2_147_483_647]);
  expect(await elementsOf(database, plainArray(ids), 'uuid')).toEqual(ids);
  expect(await elementsOf(database, plainArray([]), 'uuid')).toEqual([]);
  expect(await elementsOf(database, textArray([]), 'text')).toEqual([]);
});
