import { EMPLOYEE_SORTS } from '@rowferry/database';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiProblem } from '../problems/api-problem.ts';
import { decodeCursor, encodeCursor, type Walk } from './cursor.ts';

const byName: Walk = {
  filter: { searchTerm: 'jane', company: undefined },
  order: { by: 'employee_name', descending: false },
};
const step = { after: { value: 'Zoë “Z” 漢', id: 7 }, page: 3 };

test('a cursor says where its list goes on', () => {
  expect(decodeCursor(byName, encodeCursor(byName, step))).toEqual(step);
});

test.each<[string, Walk]>([
  ['term', { ...byName, filter: { searchTerm: 'june', company: undefined } }],
  ['company', { ...byName, filter: { searchTerm: 'jane', company: 'Acme' } }],
  ['term as company', { ...byName, filter: { searchTerm: undefined, company: 'jane' } }],
  ['order', { ...byName, order: { by: 'company_name', descending: false } }],
  ['direction', { ...byName, order: { by: 'employee_name', descending: true } }],
])('the cursor of a list with another %s is refused', (_, other) => {
  expect(() => decodeCursor(byName, encodeCursor(other, step))).toThrow(ApiProblem);
});

test('a filter that is added later is part of what a cursor belongs to', () => {
  const filter = { ...byName.filter, department: 'R&D' };
  const other = { ...filter, department: 'Sales' };
  const walk = (later: typeof filter): Walk => ({ ...byName, filter: later });

  expect(decodeCursor(walk(filter), encodeCursor(walk(filter), step))).toEqual(step);
  expect(() => decodeCursor(walk(filter), encodeCursor(walk(other), step))).toThrow(ApiProblem);
  expect(() => decodeCursor(walk(filter), encodeCursor(byName, step))).toThrow(ApiProblem);
});

test('a filter without a value, and the order of the filters, make no other list', () => {
  const cursor = encodeCursor({ ...byName, filter: { company: 'Acme', searchTerm: 'jane' } }, step);

  expect(decodeCursor({ ...byName, filter: { searchTerm: 'jane', company: 'Acme' } }, cursor)).toEqual(step);
  const later = { ...byName.filter, department: undefined };
  expect(decodeCursor({ ...byName, filter: later }, encodeCursor(byName, step))).toEqual(step);
});

test('what somebody made up is refused, or a position that Postgres can take', () => {
  const listOf = (walk: Walk) => JSON.parse(Buffer.from(encodeCursor(walk, step), 'base64url').toString())[0];
  const anyValue = fc.oneof(
    fc.jsonValue(),
    fc.integer(),
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.constant('a\0b'),
  );
  const property = fc.property(
    fc.constantFrom(...EMPLOYEE_SORTS),
    fc.array(anyValue, { minLength: 2, maxLength: 4 }),
    fc.boolean(),
    (by, rest, keepsList) => {
      const walk = { ...byName, order: { by, descending: false } };
      const forged = Buffer.from(JSON.stringify(keepsList ? [listOf(walk), ...rest] : rest)).toString('base64url');
      try {
        const { after, page } = decodeCursor(walk, forged);
        expect(Number.isSafeInteger(after.id) && Number.isSafeInteger(page)).toBe(true);
        expect(typeof after.value).toBe(by === 'id' || by === 'created_at' ? 'number' : 'string');
        if (typeof after.value === 'string') expect(after.value).not.toContain('\0');
        else expect(Number.isSafeInteger(after.value)).toBe(true);
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error;
        expect(error.code).toBe('invalid_parameter');
      }
    },
  );
  fc.assert(property, { numRuns: 500 });
});

test.each(['', 'x', '!!!', 'bnVsbA', '____', 'a'.repeat(2000)])('%j is no cursor', (cursor) => {
  expect(() => decodeCursor(byName, cursor)).toThrow('cursor must be the nextCursor of a page of the same list.');
});
