import { createDeadLetterHandler, createDeadTaskHandler, createRowHandler } from '@rowferry/consumer-lambda';
import { setup } from '@rowferry/testing';
import { test } from 'vitest';
import { expectConvergence } from './convergence/expect-convergence.ts';

const MINUTE = 60_000;
const RUNS = 100;

test(
  'whatever order messages come in, how often, in which batches, with what breaking and dying: the same employees, every row one outcome, counts that add up',
  async () => {
    const fixtures = await setup();
    const { database, sqs, rowQueueUrl, log } = fixtures;
    const { logger } = log;
    const startHandlers = () => ({
      handle: createRowHandler({ database, sqs, rowQueueUrl, logger, startTimeoutMs: 0 }),
      recordDeadLetter: createDeadLetterHandler({ database, queueName: 'rows', logger }),
      failUpload: createDeadTaskHandler({ database, queueName: 'segments', logger }),
    });
    await expectConvergence(fixtures, startHandlers, RUNS);
  },
  5 * MINUTE,
);
