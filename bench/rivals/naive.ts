import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type pg from 'pg';
import { employeeAt, FILLED_COLUMNS } from '../roster.ts';
import type { System } from '../system.ts';
import { openDatabase } from '../tables.ts';
import { type Filled, RIVAL_TABLE, withRivalTable } from './rival-table.ts';

const BATCH = 10;

/**
 * The design that comes to mind first, on the same S3/SQS emulator and the same Postgres: one row a message, sent ten at
 * a time; each message received alone, inserted by a statement of its own and deleted. Sender and receivers run at the
 * same time.
 *
 * @returns seconds.
 */
export async function naive(
  { databaseUrl, endpoint, credentials }: Pick<System, 'databaseUrl' | 'endpoint' | 'credentials'>,
  { rows, receivers, uploadId }: { rows: number; receivers: number; uploadId: string },
): Promise<Filled> {
  const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials, useQueueUrlAsEndpoint: false });
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `bench-naive-${Date.now()}` }));
  const receivedAt = new Date();
  let landed = 0;

  async function produce() {
    for (let start = 0; start < rows; start += BATCH) {
      const indexes = Array.from({ length: Math.min(BATCH, rows - start) }, (_, offset) => start + offset);
      const Entries = indexes.map((index) => ({
        Id: String(index),
        MessageBody: JSON.stringify({ ...employeeAt(index), line: index + 2 }),
      }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
  }

  async function consume(client: pg.Client) {
    while (landed < rows) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
      for (const { Body = '', ReceiptHandle } of Messages) {
        const row: unknown[] = Object.values(JSON.parse(Body));
        const values = [...row.slice(0, 4), receivedAt, uploadId, row[4]];
        await client.query(
          `insert into ${RIVAL_TABLE} (${FILLED_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7) on conflict (email) do nothing`,
          values,
        );
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        landed++;
      }
    }
  }

  try {
    return await withRivalTable(databaseUrl, async () => {
      const clients = await Promise.all(Array.from({ length: receivers }, () => openDatabase(databaseUrl)));
      await Promise.all([produce(), ...clients.map((client) => consume(client))]);
      await Promise.all(clients.map((client) => client.end()));
    });
  } finally {
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    sqs.destroy();
  }
}
