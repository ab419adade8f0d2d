import type { Column } from './columns.ts';
import type { RowErrorCode } from './row-error-codes.ts';

/** Why a row is rejected, or dead. `column` is null where the whole record is meant, as with a wrong number of fields. */
export type RowError = { code: RowErrorCode; column: Column | null; message: string };
