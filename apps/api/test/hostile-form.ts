import fc, { type Arbitrary } from 'fast-check';
import { hostileText } from './hostile.ts';

export type Form = { contentType: string; body: Buffer };

const BOUNDARY = 'fuzz-boundary';

const content: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    '\n',
    'employee_name,company_name,mobile_no,email\nJane,Acme,0123456789,jane@x.org\n',
    'employee_name,company_name,mobile_no,email\n"unclosed,x\n',
    'email\n',
    'a;b;c;d\n1;2;3;4\n',
    '%PDF-1.7',
    `\0${'\xff'.repeat(100)}`,
    `--${BOUNDARY}`,
  ),
  hostileText,
);

const headerText = hostileText.map((text) => text.replaceAll(/[\r\n]/g, ' '));

const disposition: Arbitrary<string> = fc.oneof(
  {
    weight: 5,
    arbitrary: headerText.map((name) => `Content-Disposition: form-data; name="employee_data"; filename="${name}"`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(headerText, headerText)
      .map(([name, file]) => `Content-Disposition: form-data; name="${name}"; filename="${file}"`),
  },
  { weight: 1, arbitrary: headerText.map((name) => `Content-Disposition: form-data; name="${name}"`) },
  {
    weight: 1,
    arbitrary: headerText.map(
      (name) => `Content-Disposition: form-data; name="employee_data"; filename*=UTF-8''${name}`,
    ),
  },
  { weight: 1, arbitrary: headerText },
);

const part: Arbitrary<string> = fc
  .tuple(
    disposition,
    fc.constantFrom('', '\r\nContent-Type: text/csv', '\r\nContent-Type: application/octet-stream', '\r\nX'),
    content,
  )
  .map(([first, more, text]) => `--${BOUNDARY}\r\n${first}${more}\r\n\r\n${text}\r\n`);

const contentType: Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(`multipart/form-data; boundary=${BOUNDARY}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'multipart/form-data',
      'multipart/form-data; boundary=',
      'multipart/form-data; boundary=another',
      'multipart/mixed; boundary=x',
      'text/csv',
      'application/json',
    ),
  },
);

/** Multipart bodies with a file, several, none, in strange fields, cut off, or of another boundary. */
export const hostileForm: Arbitrary<Form> = fc
  .tuple(
    contentType,
    fc.array(part, { maxLength: 3 }),
    fc.constantFrom(`--${BOUNDARY}--\r\n`, `--${BOUNDARY}--`, '', '--'),
  )
  .map(([type, parts, end]) => ({ contentType: type, body: Buffer.from(parts.join('') + end) }));
