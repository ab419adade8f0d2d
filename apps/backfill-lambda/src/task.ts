import { CONCURRENCY_MAX, PREFIX_MAX } from '@rowferry/backfill';
import { z } from 'zod';

const backfillId = z.uuid();
const fileId = z.int().positive();
/** As Step Functions catches it. */
const error = z.looseObject({ Error: z.string() });

/** What an execution is started with: a backfill that was entered, or one that a schedule asks for. */
const requestSchema = z.union([
  z.object({ backfillId, round: z.int().nonnegative().default(0) }),
  z.object({
    prefix: z.string().min(1).max(PREFIX_MAX),
    profile: z.string().optional(),
    concurrency: z.int().min(1).max(CONCURRENCY_MAX).optional(),
  }),
]);

export type ExecutionRequest = z.output<typeof requestSchema>;

/** What the state machine asks for, each by one of its states. */
export const taskSchema = z.discriminatedUnion('operation', [
  z.object({ operation: z.literal('open'), request: requestSchema }),
  z.object({ operation: z.literal('list'), backfillId }),
  z.object({ operation: z.literal('take'), backfillId, handled: z.int().nonnegative() }),
  z.object({ operation: z.literal('start-file'), backfillId, fileId }),
  z.object({ operation: z.literal('check-file'), backfillId, fileId, polls: z.int().nonnegative() }),
  z.object({ operation: z.literal('fail-file'), backfillId, fileId, error }),
  z.object({ operation: z.literal('summarise'), backfillId }),
  z.object({ operation: z.literal('publish'), backfillId }),
  z.object({ operation: z.literal('fail-backfill'), backfillId, error }),
]);
