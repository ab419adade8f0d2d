import { encodeRow } from '@rowferry/messages';
import type { Raw, RowError } from '@rowferry/roster';
import { describe, expect, it } from 'vitest';
import { fitRow } from './fit-row.ts';

/** What one SQS message may have and still cost one request. */
const MESSAGE_BYTES = 63 * 1024;
const ANN = { line: 2, employee_name: 'Ann', company_name: 'Acme', mobile_no: '0301234567', email: 'ann@a.example' };
const ERRORS: [RowError] = [{ code: 'field_count', column: null, message: 'has 2 fields, the header has 5' }];

describe('a row that fits', () => {
  it('stays as it is, also with values that the rules will refuse', () => {
    const row = { ...ANN, employee_name: 'x'.repeat(1024), email: '' };
    expect(fitRow(row)).toBe(row);
  });
});

describe('a row with a value far too long', () => {
  it('is rejected at once, with every reason that it has', () => {
    const row = fitRow({ ...ANN, employee_name: 'x'.repeat(60_000), email: 'nobody' });
    expect(row).toMatchObject({
      line: 2,
      raw: { employee_name: `${'x'.repeat(8191)}…` },
      errors: [
        { code: 'too_long', column: 'employee_name' },
        { code: 'email_without_at', column: 'email' },
      ],
    });
  });

  it('may land after all when only spaces make it long', () => {
    expect(fitRow({ ...ANN, employee_name: `Ann${' '.repeat(60_000)}` })).toEqual(ANN);
  });
});

describe('the raw values of a row that cannot land', () => {
  it.each<[string, Raw]>([
    ['a long text', '\u0001'.repeat(100_000)],
    ['long fields', ['\ud83d\ude00'.repeat(30_000), 'x', '"'.repeat(30_000)]],
    ['a hundred thousand fields', Array.from({ length: 100_000 }, () => '')],
    ['long values', { ...ANN, line: '2', company_name: '\ufffe'.repeat(60_000) }],
  ])('are cut so that they fit into a message: %s', (_, raw) => {
    const fitted = fitRow({ line: 2, raw, errors: ERRORS });
    expect(Buffer.byteLength(encodeRow(fitted))).toBeLessThan(MESSAGE_BYTES);
    expect(fitted).toMatchObject({ line: 2, errors: ERRORS });
  });

  it('stay whole when they are short', () => {
    const row = { line: 2, raw: ['a', '', 'b'], errors: ERRORS };
    expect(fitRow(row)).toEqual(row);
  });
});
