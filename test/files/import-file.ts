import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { createRowHandler } from '@rowferry/consumer-lambda';
import { createObjectHandler, createSegmentHandler } from '@rowferry/producer-lambda';
import type { OutcomeCounts, UploadFailure, Warning } from '@rowferry/roster';
import { handlerSettings, putObject, s3Record, sqsEvent, takeAll } from '@rowferry/testing';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import request, { type Response } from 'supertest';
import { type ApiFixtures, setupApi } from '../../apps/api/test/setup-api.ts';

const PATH = '/v1/employee-data-upload';
/** Messages in one invocation of the consumer. */
const BATCH = 10;

/** An upload as the API shows it, as far as tests look at it. */
export type Shown = {
  id: string;
  status: string;
  total: number | null;
  counts: OutcomeCounts;
  detected: object | null;
  columns: object | null;
  ignoredColumns: string[];
  brokenRecords: number | null;
  warnings: Warning[];
  failure: UploadFailure | null;
};

export type Import = ApiFixtures & {
  /** Sends a file through the API. */
  send(content: string | Uint8Array, query?: string): Promise<Response>;
  /** Sends a file and lets producer and consumer do all that they have to do with it. @returns the upload then. */
  importFile(content: string | Uint8Array, query?: string): Promise<Shown>;
  /** The same for an object that another tool puts into the bucket, under a key that was not used before. */
  importObject(key: string, content: string | Uint8Array): Promise<Shown>;
  /** The same for an upload whose file is stored. */
  readStored(id: string): Promise<Shown>;
  /** Reads an object once more, as when its event comes twice. */
  readAgain(key: string): Promise<Shown>;
  get(path: string): Promise<Response>;
  employees(): Promise<Record<string, string>[]>;
};

/** API, producer and consumer in one process, on real Postgres, S3 and SQS of the test's own. */
export async function setupImport(): Promise<Import> {
  const fixtures = await setupApi();
  const { app, database, s3, sqs, bucket, rowQueueUrl, segmentQueueUrl, log } = fixtures;
  const settings = handlerSettings(fixtures);
  const handleObjects = createObjectHandler(settings);
  const handleSegments = createSegmentHandler(settings);
  const handleRows = createRowHandler(settings);

  async function drain(queueUrl: string, handler: (event: SQSEvent) => Promise<SQSBatchResponse>): Promise<void> {
    const messages = await takeAll(sqs, queueUrl);
    for (let start = 0; start < messages.length; start += BATCH) {
      const { batchItemFailures } = await handler(sqsEvent(messages.slice(start, start + BATCH)));
      if (batchItemFailures.length > 0) throw new Error(`messages failed: ${log.text()}`);
    }
  }

  async function read(object: { key: string; etag: string; sizeBytes: number; eventTime: string }): Promise<void> {
    await handleObjects({ Records: [s3Record({ bucket, ...object })] });
    await drain(segmentQueueUrl, handleSegments);
    await drain(rowQueueUrl, handleRows);
  }

  async function storedObject(prefix: string) {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    const [{ Key: key = '', ETag: etag = '', Size: sizeBytes = 0, LastModified: at = new Date() } = {}] = Contents;
    // Of two objects the later one is the newer, as it is to S3.
    return { key, etag, sizeBytes, eventTime: at.toISOString() };
  }

  const send = (content: string | Uint8Array, query = '') =>
    request(app).post(`${PATH}${query}`).attach('employee_data', Buffer.from(content), 'staff.csv');
  const get = (path: string) => request(app).get(path);
  const shown = async (id: string | undefined) => (await get(`/v1/uploads/${id}`)).body;

  async function shownAt(key: string): Promise<Shown> {
    const query = 'select id from uploads where object_key = ?';
    const { rows } = await database.raw<{ rows: { id: string }[] }>(query, [key]);
    return shown(rows[0]?.id);
  }

  async function readStored(id: string): Promise<Shown> {
    await read(await storedObject(`uploads/${id}/`));
    return shown(id);
  }

  return {
    ...fixtures,
    send,
    get,
    async importFile(content, query = '') {
      const { body, status } = await send(content, query);
      if (status !== 202) throw new Error(`not taken: ${JSON.stringify(body)}`);
      return readStored(body.id);
    },
    readStored,
    async readAgain(key) {
      await read(await storedObject(key));
      return shownAt(key);
    },
    async importObject(key, content) {
      await putObject(s3, { bucket, key, content });
      await read(await storedObject(key));
      return shownAt(key);
    },
    async employees() {
      const { rows } = await database.raw<{ rows: Record<string, string>[] }>(
        'select employee_name, company_name, mobile_no, email from employees order by line',
      );
      return rows;
    },
  };
}
