import { z } from 'zod';

/** Counts, ids and sizes: none of them reaches 2^53, so JSON carries them exactly. */
export const wholeNumberField = z
  .int()
  .min(0)
  .max(Number.MAX_SAFE_INTEGER)
  .meta({ override: { format: 'int64' } });

const ISO_LENGTH = 30;

/** A moment in UTC, such as `2026-11-22T09:30:00.000Z`. */
export const momentField = z.iso.datetime().max(ISO_LENGTH);

const UUID_LENGTH = 36;

export const idField = z.uuid().max(UUID_LENGTH);

/** Text that Rowferry or a user wrote; the bound tells a client what to make room for. */
export function textField(maxLength: number) {
  return z.string().max(maxLength);
}
