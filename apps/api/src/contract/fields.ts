import { COLUMNS, ROW_ERROR_CODES } from '@rowferry/roster';
import { z } from 'zod';
import { UUID_LENGTH } from '../limits.ts';

/** More than any count, id or size has, and below 2^53, so that JSON carries them exactly. */
const WHOLE_NUMBER_MAX = 10 ** 15;

/** Counts, ids and sizes. */
export const wholeNumberField = z
  .int()
  .min(0)
  .max(WHOLE_NUMBER_MAX)
  .meta({ override: { format: 'int64' } });

/** Characters of a file or stream at most, for clients that want a bound: 5 TiB, the largest object of S3. */
export const FILE_LENGTH_MAX = 5 * 2 ** 40;

const ISO_LENGTH = 30;

/** A moment in UTC, such as `2026-11-22T09:30:00.000Z`. */
export const momentField = z.iso.datetime().max(ISO_LENGTH);

export const idField = z.uuid().max(UUID_LENGTH);

/** Text that Rowferry or a user wrote, with its maximum length for clients. */
export function textField(maxLength: number) {
  return z.string().max(maxLength);
}

const MESSAGE_MAX = 10_000;
const ROW_ERRORS_MAX = 100;

export const rowErrorSchema = z
  .object({
    code: z.enum(ROW_ERROR_CODES),
    column: z.enum(COLUMNS).nullable().describe('Null where the whole record is meant.'),
    message: textField(MESSAGE_MAX),
  })
  .meta({ id: 'RowError' });

/** Why a row was not written. */
export const rowErrorsField = z.array(rowErrorSchema).max(ROW_ERRORS_MAX);
