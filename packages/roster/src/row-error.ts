import { z } from 'zod';
import { COLUMNS } from './columns.ts';

/** Every reason for which a row is rejected. The texts that users see are in docs/row-errors.md. */
export const ROW_ERROR_CODES = [
  'required',
  'too_long',
  'control_character',
  'unreadable_character',
  'invalid_email',
  'invalid_mobile_no',
  'field_count',
  'unclosed_quote',
  'field_too_long',
  'record_too_long',
  'database_refused',
  'delivery_failed',
] as const;

export type RowErrorCode = (typeof ROW_ERROR_CODES)[number];

export const rowErrorSchema = z.object({
  code: z.enum(ROW_ERROR_CODES),
  /** Null where the whole record is meant, as with a wrong number of fields. */
  column: z.enum(COLUMNS).nullable(),
  message: z.string(),
});

export type RowError = z.infer<typeof rowErrorSchema>;
