import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnreadableMessageError } from './decode.ts';
import { encodeBody } from './encode.ts';
import { decodeMessage, MESSAGE_VERSION, type Message } from './message.ts';
import { decodeReadTask } from './read-task.ts';
import { newUploadId } from './upload-id.ts';

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

test.for([
  ['no JSON', 'hello'],
  ['nothing', ''],
  ['JSON, but no object', '42'],
  ['of another version', JSON.stringify({ ...rowsWith('x'), v: 2 })],
  ['without a version', JSON.stringify({ type: 'rows', uploadId, segment: 0, rows: [] })],
  ['of an unknown type', JSON.stringify({ v: 1, type: 'upload.paused', uploadId })],
  ['with an id that is none', JSON.stringify({ ...rowsWith('x'), uploadId: '42' })],
  ['without rows', JSON.stringify({ ...rowsWith('x'), rows: [] })],
  ['with a row on line 0', JSON.stringify({ ...rowsWith('x'), rows: [[0, '', '', '', '']] })],
  [
    'with a row that is neither shaped nor told why',
    JSON.stringify({ ...rowsWith('x'), rows: [{ line: 2, raw: 'x' }] }),
  ],
  [
    'with a row rejected for no reason',
    JSON.stringify({ ...rowsWith('x'), rows: [{ line: 2, raw: 'x', errors: [] }] }),
  ],
] as const)('a message %s is unreadable', ([, body]) => {
  expect(() => decodeMessage(body)).toThrow(UnreadableMessageError);
  expect(() => decodeReadTask(body)).toThrow(UnreadableMessageError);
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
