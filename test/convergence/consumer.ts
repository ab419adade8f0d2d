import { MAX_RECEIVE_COUNT } from '@rowferry/aws';
import { markCompletedUploads, redriveDeadRows } from '@rowferry/database';
import { encodeBody, MESSAGE_VERSION, type Message } from '@rowferry/messages';
import { type Fixtures, sqsEvent } from '@rowferry/testing';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { type Copy, copyOf, type Step } from './deliveries.ts';

type Handler = (event: SQSEvent) => Promise<SQSBatchResponse>;

/** Of the row queue, of its dead-letter queue, and of that of the segment queue. */
export type Handlers = { handle: Handler; recordDeadLetter: Handler; failUpload: Handler };

/** The consumer's handlers, and what SQS and Lambda do around them. */
export type Consumer = {
  /** Takes steps by so many workers at once, until nothing is left to come again. */
  take(steps: readonly Step[], workers: number): Promise<void>;
  /** Redrives every upload that has dead rows, each twice at once, and delivers what comes of it. */
  redriveAll(workers: number): Promise<void>;
};

export async function setupConsumer(
  { database, databaseUrl }: Fixtures,
  startHandlers: () => Handlers | Promise<Handlers>,
): Promise<Consumer> {
  // Handlers remember uploads, and the uploads of one run are not those of the next.
  let handlers: Handlers;
  const breaker = await setupBreaker(databaseUrl);

  return { take, redriveAll };

  async function take(steps: readonly Step[], workers: number): Promise<void> {
    handlers = await startHandlers();
    for (let round = steps; round.length > 0; ) round = await takeRound(round, workers);
  }

  /** @returns the dead letters that come again: their queue hides them until everything else has gone on. */
  async function takeRound(steps: readonly Step[], workers: number): Promise<Step[]> {
    const queue = [...steps];
    const later: Step[] = [];
    const work = async () => {
      for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
        const again = await perform(step);
        if (step.kind === 'dead-letter') later.push(...again);
        else queue.push(...again);
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
    return later;
  }

  async function redriveAll(workers: number): Promise<void> {
    const { rows } = await database.raw<{ rows: { id: string }[] }>('select id from upload_status where dead > 0');
    const bodies: string[] = [];
    const redrive = (uploadId: string) =>
      redriveDeadRows(database, uploadId, async (dead) => {
        for (const row of dead) {
          const message: Message = { v: MESSAGE_VERSION, type: 'rows', uploadId, segment: 0, rows: [row] };
          bodies.push(encodeBody(message));
        }
      });
    await Promise.all(rows.flatMap(({ id }) => [redrive(id), redrive(id)]));
    const steps = bodies.map((body): Step => ({ kind: 'handle', copies: [copyOf(body, 1)], crash: 'none' }));
    await take(steps, workers);
  }

  async function markAll(): Promise<boolean> {
    for await (const _ of markCompletedUploads(database));
    return true;
  }

  /** @returns what comes again after the step. */
  async function perform(step: Step): Promise<Step[]> {
    switch (step.kind) {
      case 'handle': {
        const broken = step.crash === 'before' ? breaker() : undefined;
        const failed = await invoke(handlers.handle, step.copies);
        await broken;
        return afterAttempt(step.crash === 'after' ? step.copies : failed);
      }
      case 'dead-letter': {
        const failed = await invoke(handlers.recordDeadLetter, [step.copy]);
        return failed.map((copy) => ({ kind: 'dead-letter', copy }));
      }
      case 'expire': {
        const body = encodeBody({ v: MESSAGE_VERSION, type: 'object', upload: step.upload });
        const failed = await invoke(handlers.failUpload, [copyOf(body, 6)]);
        return failed.map(() => step);
      }
      case 'mark': {
        // Its connection may be one that a step breaks.
        const isMarked = await markAll().catch(() => false);
        return isMarked ? [] : [step];
      }
    }
  }
}

/** @returns the copies that the handler reported. */
async function invoke(handler: Handler, copies: readonly Copy[]): Promise<Copy[]> {
  const messages = copies.map(({ id, body, attempts }) => ({
    MessageId: id,
    ReceiptHandle: id,
    Body: body,
    Attributes: { ApproximateReceiveCount: String(attempts) },
  }));
  const { batchItemFailures } = await handler(sqsEvent(messages));
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return copies.filter(({ id }) => failed.has(id));
}

/** What SQS does with messages that were not deleted: they come again, or go to the dead-letter queue. */
function afterAttempt(copies: readonly Copy[]): Step[] {
  return copies.map(({ attempts, ...copy }): Step => {
    if (attempts >= MAX_RECEIVE_COUNT) return { kind: 'dead-letter', copy: { ...copy, attempts: attempts + 1 } };
    return { kind: 'handle', copies: [{ ...copy, attempts: attempts + 1 }], crash: 'none' };
  });
}

/** Breaks every connection that the consumer has at that moment. */
async function setupBreaker(databaseUrl: string): Promise<() => Promise<void>> {
  const pool = new pg.Pool({ connectionString: databaseUrl, application_name: 'breaker', max: 2 });
  onTestFinished(() => pool.end());
  return async () => {
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'rowferry'`,
    );
  };
}
