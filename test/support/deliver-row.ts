import type { Message as Delivered } from '@aws-sdk/client-sqs';
import { type Database, startUpload } from '@rowferry/database';
import { encodeBody, MESSAGE_VERSION, type Message } from '@rowferry/messages';
import { anUpload, deliver, someFacts, type TestClients, type TestQueues } from '@rowferry/testing';

type Queue = Pick<TestClients & TestQueues, 'sqs' | 'rowQueueUrl'>;

/** Starts an upload with one row, of `ada@x.org`. @returns the message of that row, received. */
export async function deliverRow({ sqs, rowQueueUrl, database }: Queue & { database: Database }): Promise<Delivered[]> {
  const upload = anUpload();
  await startUpload(database, upload, someFacts());
  const row = { line: 2, employee_name: 'Ada', company_name: 'Acme', mobile_no: '0123456789', email: 'ada@x.org' };
  const message: Message = { v: MESSAGE_VERSION, type: 'rows', uploadId: upload.id, segment: 0, rows: [row] };
  return deliver(sqs, rowQueueUrl, [encodeBody(message)]);
}
