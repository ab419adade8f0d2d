import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { UnreadableMessageError } from './decode.ts';
import { encodeBody } from './encode.ts';
import { decodeMessage, type Message } from './message.ts';
import { decodeReadTask } from './read-task.ts';
import { newUploadId } from './upload-id.ts';
import { MESSAGE_VERSION } from './version.ts';

const uploadId = newUploadId();

function rowsWith(text: string): Message {
  const row = { line: 2, employee_name: text, company_name: text, mobile_no: text, email: text };
  return { v: MESSAGE_VERSION, type: 'rows', uploadId, segment: 0, rows: [row] };
}

/** What SQS allows in a body: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const ALLOWED = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

test.for([
  ['non-characters', '\ufffe\uffff'],
  ['NUL and other controls', '\0\u0001\u001f\u007f\u0085'],
  ['lone surrogates', 'a\ud800b\udfffc\udbff'],
  ['an emoji', '😀 \u{10ffff}'],
  ['line and paragraph separators', '\u2028\u2029'],
  ['quotes and backslashes', '"\\" \\u0041'],
] as const)('%s go through a message, whose body SQS and strict emulators take', ([, text]) => {
  const body = encodeBody(rowsWith(text));
  expect(body).toMatch(ALLOWED);
  // Emulators that check UTF-16 unit by unit refuse every half of a pair.
  expect(body).not.toMatch(/[\ud800-\udfff]/);
  expect(decodeMessage(body)).toEqual(rowsWith(text));
});

test('any string goes through a message unchanged', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
      (text) => {
        const body = encodeBody(rowsWith(text));
        expect(body).toMatch(ALLOWED);
        expect(decodeMessage(body)).toEqual(rowsWith(text));
      },
    ),
  );
});

const GOOD = {
  v: 2,
  type: 'rows',
  uploadId,
  segment: 0,
  columns: ['employee_name', 'company_name', 'mobile_no', 'email'],
  rows: [[2, 'Ann', 'Acme', '0301234567', 'ann@acme.example']],
};

test.for([
  ['no JSON', 'hello'],
  ['nothing', ''],
  ['JSON, but no object', '42'],
  ['of a later version', JSON.stringify({ ...GOOD, v: 3 })],
  ['without a version', JSON.stringify({ ...GOOD, v: undefined })],
  ['of an unknown type', JSON.stringify({ v: 1, type: 'upload.paused', uploadId })],
  ['with an id that is none', JSON.stringify({ ...GOOD, uploadId: '42' })],
  ['without rows', JSON.stringify({ ...GOOD, rows: [] })],
  ['that does not say its columns', JSON.stringify({ ...GOOD, columns: undefined })],
  ['with a column that nobody knows', JSON.stringify({ ...GOOD, columns: [...GOOD.columns.slice(1), 'shoe_size'] })],
  ['without a required column', JSON.stringify({ ...GOOD, columns: ['employee_name'], rows: [[2, 'Ann']] })],
  ['with a row of another width', JSON.stringify({ ...GOOD, rows: [[2, 'Ann', 'Acme', 'ann@acme.example']] })],
  ['with a row on line 0', JSON.stringify({ ...GOOD, rows: [[0, '', '', '', '']] })],
  ['with a number for a value', JSON.stringify({ ...GOOD, rows: [[2, 'Ann', 'Acme', 301234567, 'a@b.example']] })],
  ['with a row that is neither shaped nor told why', JSON.stringify({ ...GOOD, rows: [{ line: 2, raw: 'x' }] })],
  ['with a row rejected for no reason', JSON.stringify({ ...GOOD, rows: [{ line: 2, raw: 'x', errors: [] }] })],
] as const)('a message %s is unreadable', ([, body]) => {
  expect(() => decodeMessage(body)).toThrow(UnreadableMessageError);
  expect(() => decodeReadTask(body)).toThrow(UnreadableMessageError);
});

test('a message that differs from the unreadable ones in nothing but their fault is read', () => {
  expect(decodeMessage(JSON.stringify(GOOD))).toMatchObject({ v: 2, rows: [{ line: 2, email: 'ann@acme.example' }] });
});

test('the columns of a message may be in any order, and one that is missing is blank', () => {
  const columns = ['email', 'employee_name', 'company_name'];
  const rows = [[2, 'ann@acme.example', 'Ann', 'Acme']];
  expect(decodeMessage(JSON.stringify({ ...GOOD, columns, rows }))).toEqual({
    v: 2,
    type: 'rows',
    uploadId,
    segment: 0,
    rows: [{ line: 2, employee_name: 'Ann', company_name: 'Acme', mobile_no: '', email: 'ann@acme.example' }],
  });
});

describe('messages of version 1', () => {
  const upload = {
    id: uploadId,
    bucket: 'uploads',
    key: 'uploads/staff.csv',
    etag: 'e',
    versionId: null,
    fileName: 'staff.csv',
    sizeBytes: 100,
    receivedAt: '2026-11-22T09:30:00.000Z',
  };

  it('have their rows read, shaped or not', () => {
    const errors = [{ code: 'field_count', column: null, message: 'has 1 field, the header has 4' }];
    const rows = [[2, 'Ann', 'Acme', '0301234567', 'ann@acme.example'], { line: 3, raw: ['x'], errors }];
    expect(decodeMessage(JSON.stringify({ v: 1, type: 'rows', uploadId, segment: 4, rows }))).toEqual({
      v: 2,
      type: 'rows',
      uploadId,
      segment: 4,
      rows: [
        {
          line: 2,
          employee_name: 'Ann',
          company_name: 'Acme',
          mobile_no: '0301234567',
          email: 'ann@acme.example',
        },
        { line: 3, raw: ['x'], errors },
      ],
    });
  });

  it('are read that start an upload', () => {
    const detected = { delimiter: ',', encoding: 'utf-8', bom: false, header: true };
    const columns = { employee_name: 'Name', company_name: 'Company', mobile_no: 'Phone', email: 'Mail' };
    const facts = { segments: 1, detected, columns, ignoredColumns: [], brokenRecords: 0 };
    const body = JSON.stringify({ v: 1, type: 'upload.started', upload, ...facts });
    expect(decodeMessage(body)).toEqual({ v: 2, type: 'upload.started', upload, ...facts });
  });

  it('are read with what is warned of', () => {
    const warning = { code: 'html_entities', column: 'employee_name', text: 'has signs', count: 12, lines: [2, 3] };
    const message = { v: 2, type: 'segment.finished', uploadId, segment: 0, rows: 12, warnings: [warning] };
    expect(decodeMessage(JSON.stringify(message))).toEqual(message);
    const unknown = { ...message, warnings: [{ ...warning, code: 'weather' }] };
    expect(() => decodeMessage(JSON.stringify(unknown))).toThrow(UnreadableMessageError);
  });

  it.each([
    { hasHeader: true, width: 4, positions: { employee_name: 0, company_name: 1, mobile_no: 2, email: 3 } },
    {
      hasHeader: true,
      width: 5,
      positions: { employee_name: [[0], [1, 2]], mobile_no: [[4]], email: 3 },
      constants: { company_name: 'Acme' },
    },
  ])('are read that ask for a segment: %#', (header) => {
    const task = {
      type: 'segment',
      upload,
      segment: 1,
      start: 0,
      end: 100,
      firstLine: 1,
      delimiter: ',',
      encoding: 'utf-8',
      header,
      rowsPerMessage: 10,
    };
    expect(decodeReadTask(JSON.stringify({ v: 1, ...task }))).toEqual({ v: 2, ...task });
  });
});

test('what is said of an unreadable message does not repeat its rows', () => {
  for (const body of [`Zaphod Beeblebrox`, JSON.stringify({ ...rowsWith('Zaphod'), v: 99 })]) {
    const error = catching(() => decodeMessage(body));
    expect(error.message).not.toContain('Zaphod');
    expect(error.cause).toBeUndefined();
  }
});

function catching(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
