import type { ParameterError } from './api-problem.ts';
import { PROBLEMS, type ProblemCode } from './catalogue.ts';
import type { Problem } from './schema.ts';

const ID = '019a2216-4b00-7c41-9d2e-5f6a8b3c1d70';
const SEND = '/v1/employee-data-upload';
const UPLOAD = `/v1/uploads/${ID}`;
const COMPLETE = `${UPLOAD}/complete`;
const WEBHOOK = '/v1/webhooks/6f1b0f3e-4b8e-4d6c-9a57-2f3f0c1f7a10';
const BACKFILLS = '/v1/backfills';
const PROFILE = '/v1/import-profiles/payroll';

type Occurrence = [instance: string, detail: string, ...errors: [parameter: string, message: string][]];

/** Of each problem one occurrence, as a server answers it. */
const OCCURRENCES: Record<ProblemCode, Occurrence> = {
  invalid_parameter: [
    '/v1/employees?limit=1000',
    'limit must be a whole number from 1 to 100.',
    ['limit', 'must be a whole number from 1 to 100'],
  ],
  invalid_body: ['/v1/uploads', 'sizeBytes must be a whole number.', ['sizeBytes', 'must be a whole number']],
  malformed_json: ['/v1/uploads', "Expected property name or '}' in JSON at position 1 (line 1 column 2)."],
  invalid_settings: [SEND, 'delimiter must be one character.', ['delimiter', 'must be one character']],
  field_after_file: [
    SEND,
    'profile came after the file, which is read while it arrives. Put all other fields in front of it, with curl -F profile=… -F employee_data=@staff.csv, or into the query.',
    ['profile', 'came after the file'],
  ],
  no_file: [SEND, 'The form has no file. Send it in the field "employee_data", with curl -F employee_data=@staff.csv.'],
  unexpected_field: [SEND, 'The file is in the field "file"; it must be in "employee_data".'],
  too_many_files: [SEND, 'Send one file a request.'],
  malformed_multipart: [SEND, 'Unexpected end of form.'],
  malformed_request: ['/v1/employees', 'The query is not in percent-encoded UTF-8.'],
  unauthorized: ['/v1/employees', 'Send an API key as Authorization: Bearer.'],
  insufficient_scope: ['/v1/employees', 'This needs the scope "read".'],
  not_local: [
    '/v1/employees',
    'No API key was made yet, so only this machine is answered, by a loopback name, not through a proxy, and not for pages of other sites. Make a key with: npm run keys -- create --name <name>',
  ],
  not_found: ['/employees', 'There is nothing at /employees. Did you mean /v1/employees?'],
  upload_not_found: [UPLOAD, `There is no upload ${ID}.`],
  backfill_not_found: [`${BACKFILLS}/${ID}`, `There is no backfill ${ID}.`],
  profile_not_found: [PROFILE, 'There is no import profile "payroll".'],
  employee_not_found: ['/v1/employees/42', 'There is no employee with the id 42.'],
  api_key_not_found: ['/v1/api-keys/3f9c1a7be2d40568', 'There is no API key 3f9c1a7be2d40568.'],
  webhook_not_found: [WEBHOOK, 'There is no webhook 6f1b0f3e-4b8e-4d6c-9a57-2f3f0c1f7a10.'],
  delivery_not_found: [`${WEBHOOK}/deliveries/${ID}/replay`, `The webhook has no delivery ${ID}.`],
  method_not_allowed: [SEND, `${SEND} takes POST, not GET.`],
  request_timeout: [SEND, 'Fewer than 16 KiB came in 30 seconds.'],
  idempotency_key_in_use: [SEND, 'The first request with this Idempotency-Key is not answered yet.'],
  parts_missing: [COMPLETE, 'The plan has 2 parts.', ['part 2', 'is missing']],
  size_mismatch: [
    COMPLETE,
    '12000000 bytes were announced, and the parts in S3 have 11000000. Send the parts that errors names again and complete again, or, if the file has another size than was announced, begin a new upload.',
    ['part 2', 'has 2611392 bytes in S3, but must have 3611392'],
  ],
  upload_closed: [COMPLETE, 'Its time is over, or it has failed.'],
  backfill_running: [
    BACKFILLS,
    `The backfill ${ID} of this prefix is running with the profile payroll. Wait until it has ended.`,
  ],
  nothing_to_redrive: [
    `${UPLOAD}/redrive`,
    'No row of the upload is dead and its file was read. Correct rejected rows in the file and upload it again.',
  ],
  too_many_webhooks: [
    '/v1/webhooks',
    'There are 100 webhooks already. Delete those that nobody needs; one webhook can be for several types.',
  ],
  webhook_disabled: [`${WEBHOOK}/deliveries/${ID}/replay`, 'The webhook is disabled; enable it first.'],
  body_too_large: ['/v1/uploads', 'The body has more than 1048576 bytes.'],
  file_too_large: [SEND, 'This server takes 1073741824 bytes at most.'],
  not_multipart: [
    SEND,
    'Send the file as multipart/form-data, in the field "employee_data", with curl -F employee_data=@staff.csv.',
  ],
  not_csv: [
    SEND,
    'The file is not CSV text; it looks like a PDF. In Excel: File → Save as → CSV UTF-8, then send that file.',
  ],
  not_json: ['/v1/uploads', 'Send the body as application/json.'],
  expectation_failed: [SEND, 'This server knows no other expectation than 100-continue.'],
  idempotency_key_reused: [SEND, 'This Idempotency-Key came with other content before.'],
  empty_file: [SEND, 'The file is empty: it has no header and no rows.'],
  missing_columns: [SEND, 'The header has no column for email.', ['email', 'is missing']],
  ambiguous_columns: [
    SEND,
    'Two columns of the header are for email: E-Mail, Mail.',
    ['email', 'is in several columns'],
  ],
  too_many_columns: [SEND, 'The header has more than 16384 columns.'],
  settings_mismatch: [
    SEND,
    'The import settings are not for this file: email: the header has no column "Mail". It has: "name", "company".',
  ],
  unknown_encoding: [
    SEND,
    'It is not clear in which encoding the file is; it may be windows-1250 or iso-8859-2. Save it as CSV UTF-8, then send that file. Or state its encoding, as in encoding=windows-1250. A dry run shows what the file says in each.',
  ],
  prefix_not_allowed: [BACKFILLS, 'The prefix must begin with "incoming/".', ['prefix', 'is not allowed']],
  empty_prefix: [BACKFILLS, 'The bucket has no object below "incoming/2027/".', ['prefix', 'has no objects']],
  unknown_profile: [SEND, 'There is no import profile "payroll".', ['profile', 'is not known']],
  profile_mismatch: [
    SEND,
    'The header is not the one that the profile "payroll" was made for. New: "Salary". Send the file as it was then, change the profile, or send the file without it.',
  ],
  rate_limited: ['/v1/employees', 'More than 60000 requests came within a minute.'],
  headers_too_large: ['/v1/employees', 'The headers have more than 16 KiB.'],
  internal: ['/v1/employees', 'The error is in the server’s log, under this requestId.'],
  busy: [SEND, 'The files that are being received take the memory for uploads. Try again later.'],
  not_ready: ['/readyz', 'postgres is not reachable.', ['postgres', 'is not reachable']],
  query_timeout: [
    '/v1/employees?searchTerm=e',
    'The query was stopped because it took too long. Ask for less, or try again later.',
  ],
  unavailable: ['/v1/employees', 'Postgres cannot be reached at the moment. Try again later.'],
};

/** A problem as it is answered. */
export function problemExample(code: ProblemCode): Problem {
  const { status, title } = PROBLEMS[code];
  const [instance, detail, ...pairs] = OCCURRENCES[code];
  const errors: ParameterError[] = pairs.map(([parameter, message]) => ({ parameter, message }));
  return {
    type: 'about:blank',
    title,
    status,
    code,
    detail,
    instance,
    requestId: '0f6c2c1e-9a39-4c0b-8c43-5d1f0f3f5a11',
    ...(errors.length > 0 ? { errors } : {}),
  };
}
