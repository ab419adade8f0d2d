import type { UploadRecord } from '@rowferry/database';

export type UploadProgress = Pick<UploadRecord, 'id' | 'total_rows' | 'recorded'>;

const BAR_WIDTH = 24;
const NUMBERS = new Intl.NumberFormat('en');

/**
 * One line for all uploads that are under way; undefined when there are none. There is a bar once the rows of all of them
 * are known.
 */
export function progressLine(uploads: readonly UploadProgress[], rowsPerSecond: number): string | undefined {
  if (uploads.length === 0) return undefined;
  const recorded = sum(uploads.map((upload) => upload.recorded));
  const total = uploads.every((upload) => upload.total_rows !== null)
    ? sum(uploads.map((upload) => upload.total_rows ?? 0))
    : undefined;
  const files = `Importing ${uploads.length} ${uploads.length === 1 ? 'file' : 'files'}`;
  const rate = `${NUMBERS.format(Math.round(rowsPerSecond))} rows/s`;
  if (total === undefined) return `${files}  ${NUMBERS.format(recorded)} rows  ${rate}`;
  const share = total === 0 ? 1 : Math.min(1, recorded / total);
  const rows = `${NUMBERS.format(recorded)} of ${NUMBERS.format(total)} rows`;
  return `${files}  ${bar(share)} ${Math.floor(share * 100)} %  ${rows}  ${rate}`;
}

function bar(share: number): string {
  const done = Math.floor(share * BAR_WIDTH);
  return '█'.repeat(done) + '░'.repeat(BAR_WIDTH - done);
}

/** Rows that got their outcome in each second, of the uploads that were under way at both looks. */
export function rowsPerSecond(
  before: readonly UploadProgress[],
  now: readonly UploadProgress[],
  seconds: number,
): number {
  const known = new Map(before.map(({ id, recorded }) => [id, recorded]));
  const added = now.map(({ id, recorded }) => recorded - (known.get(id) ?? 0));
  return seconds > 0 ? Math.max(0, sum(added)) / seconds : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
