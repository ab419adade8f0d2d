import fc, { type Arbitrary } from 'fast-check';
import { hostileText } from './hostile.ts';

export type Form = { contentType: string; body: Buffer };

const BOUNDARY = 'fuzz-boundary';

const content: Arbitrary<string> = fc.oneof(
  fc.constant('employee_name,company_name,mobile_no,email\nJane,Acme,0123456789,jane@x.org\n'),
  fc.constantFrom(
    '',
    '\n',
    'employee_name,company_name,mobile_no,email\n"unclosed,x\n',
    'email\n',
    'a;b;c;d\n1;2;3;4\n',
    '%PDF-1.7',
    `\0${'\xff'.repeat(100)}`,
    `--${BOUNDARY}`,
    // As settings these are good, or nearly.
    'payroll',
    '{"columns":{"email":4},"constants":{"company_name":"Acme"}}',
    '{"columns":{"__proto__":4,"email":[[]]},"delimiter":"\\t"}',
    'tab',
    'utf-16le',
    '0',
    '2',
    'email',
  ),
  hostileText,
);

const headerText = hostileText.map((text) => text.replaceAll(/[\r\n]/g, ' '));

/** Names of import settings, and what is nearly one. */
const settingName = fc.constantFrom(
  'profile',
  'settings',
  'encoding',
  'delimiter',
  'headerLine',
  'columns.email',
  'columns.employee_name',
  'constants.company_name',
  'constants.email',
  'columns[email]',
  'columns[]',
  'columns.__proto__',
  '__proto__',
  'header_line',
);

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
  { weight: 2, arbitrary: settingName.map((name) => `Content-Disposition: form-data; name="${name}"`) },
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

const settingField: Arbitrary<string> = fc
  .tuple(settingName, content)
  .map(([name, text]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`);

/** A form that is whole: a file, and before it perhaps a field for a setting, which may say anything. */
const wholeForm: Arbitrary<Form> = fc.tuple(fc.array(settingField, { maxLength: 1 }), content).map(([fields, text]) => {
  const file = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="employee_data"; filename="f.csv"\r\n\r\n${text}\r\n`;
  return {
    contentType: `multipart/form-data; boundary=${BOUNDARY}`,
    body: Buffer.from(`${fields.join('')}${file}--${BOUNDARY}--\r\n`),
  };
});

/** Multipart bodies with a file, several, none, in strange fields, cut off, or of another boundary. */
const brokenForm: Arbitrary<Form> = fc
  .tuple(
    contentType,
    fc.array(part, { maxLength: 3 }),
    fc.constantFrom(`--${BOUNDARY}--\r\n`, `--${BOUNDARY}--`, '', '--'),
  )
  .map(([type, parts, end]) => ({ contentType: type, body: Buffer.from(parts.join('') + end) }));

/** Forms of which some are good. */
export const hostileForm: Arbitrary<Form> = fc.oneof(brokenForm, wholeForm);
