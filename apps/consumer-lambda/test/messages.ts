import { type Database, startUpload } from '@rowferry/database';
import { encodeBody, MESSAGE_VERSION, type Message, type MessageOf, type SourceObject } from '@rowferry/messages';
import type { Row } from '@rowferry/roster';
import { anUpload, someFacts } from '@rowferry/testing';

export { anUpload as upload } from '@rowferry/testing';

/** A row as it travels; what is not given is good and the same for all. */
export function row(values: { line: number } & Partial<Extract<Row, { email: string }>>): Row {
  return {
    employee_name: 'Jane',
    company_name: 'Acme',
    mobile_no: '0123456789',
    email: `line${values.line}@x.org`,
    ...values,
  };
}

export function rows(uploadId: string, ...list: [Row, ...Row[]]): string {
  return body({ v: MESSAGE_VERSION, type: 'rows', uploadId, segment: 0, rows: list });
}

export function started(of: SourceObject, segments = 1): string {
  return body({
    v: MESSAGE_VERSION,
    type: 'upload.started',
    upload: of,
    ...someFacts({ segments, ignoredColumns: ['salary'] }),
  });
}

export function finished(uploadId: string, rows: number, segment = 0): string {
  return body({ v: MESSAGE_VERSION, type: 'segment.finished', uploadId, segment, rows });
}

export function failed(of: SourceObject, failure: MessageOf<'upload.failed'>['failure']): string {
  return body({ v: MESSAGE_VERSION, type: 'upload.failed', upload: of, failure });
}

function body(message: Message): string {
  return encodeBody(message);
}

/** An upload of one segment that was started, and of which nothing has come yet. */
export async function startedUpload({ database }: { database: Database }): Promise<SourceObject> {
  const upload = anUpload();
  await startUpload(database, upload, someFacts());
  return upload;
}
