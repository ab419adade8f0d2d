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
