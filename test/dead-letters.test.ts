import { createDeadLetterHandler, createRowHandler } from '@rowferry/consumer-lambda';
import { test } from 'vitest';
import { expectDeadRow } from './support/expect-dead-row.ts';

test.for(['42501', 'XX000'])(
  'a row whose write fails five times with %s is dead with the reason; its neighbours are written at once; fixed and redriven it is written',
  (sqlState) =>
    expectDeadRow(sqlState, ({ database, sqs, rowQueueUrl, log: { logger } }) => ({
      importRows: createRowHandler({ database, sqs, rowQueueUrl, logger }),
      recordDeadLetter: createDeadLetterHandler({ database, queueName: 'rows', logger }),
    })),
);
