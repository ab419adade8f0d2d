import machine from '../backfill.asl.json' with { type: 'json' };

/** The state machine, in the Amazon States Language: the same that is deployed. */
export const BACKFILL_MACHINE: object = machine;

export { createBackfillHandler } from './handler.ts';
