import type { Employee, Outcome } from '@rowferry/roster';
import type { Database } from '../src/connection/connect.ts';
import type { RejectedRow, ValidRow } from '../src/row-writes/batch.ts';

/** A valid row of a test; what is not given is the same for all. */
export function validRow({
  uploadId,
  line,
  attempts = 1,
  receivedAtMicros = 0,
  ...values
}: { uploadId: string; line: number; attempts?: number; receivedAtMicros?: number } & Partial<Employee>): ValidRow {
  return {
    uploadId,
    receivedAtMicros,
    line,
    attempts,
    employee: {
      employee_name: 'Ada',
      company_name: 'Analytical',
      mobile_no: '0123456789',
      email: 'ada@x.org',
      ...values,
    },
  };
}

export function rejectedRow({ uploadId, line }: { uploadId: string; line: number }): RejectedRow {
  return {
    uploadId,
    line,
    attempts: 1,
    raw: ['only one field'],
    errors: [{ code: 'field_count', column: null, message: 'has 1 field, the header has 4' }],
  };
}

export type StoredEmployee = Employee & { upload_id: string; line: number };

export async function employeesOf(database: Database): Promise<StoredEmployee[]> {
  const { rows } = await database.raw<{ rows: StoredEmployee[] }>(
    'select employee_name, company_name, mobile_no, email, upload_id, line from employees order by email',
  );
  return rows;
}

/** Outcome of each row in the ledger, by `upload id/line`. */
export async function ledgerOf(database: Database): Promise<Record<string, Outcome>> {
  const { rows } = await database.raw<{ rows: { address: string; outcome: Outcome }[] }>(
    `select upload_id || '/' || line as address, outcome from upload_rows`,
  );
  return Object.fromEntries(rows.map(({ address, outcome }) => [address, outcome]));
}

type Counts = Partial<Record<Outcome, number>>;

/** What `upload_counts` says of each upload; outcomes of no row are left out. */
export async function countsOf(database: Database): Promise<Record<string, Counts>> {
  const { rows } = await database.raw<{ rows: ({ upload_id: string } & Record<Outcome, string>)[] }>(
    `select upload_id, sum(inserted) as inserted, sum(updated) as updated, sum(unchanged) as unchanged,
       sum(superseded) as superseded, sum(rejected) as rejected, sum(dead) as dead
     from upload_counts group by upload_id`,
  );
  return Object.fromEntries(
    rows.map(({ upload_id, ...counts }) => [
      upload_id,
      Object.fromEntries(
        Object.entries(counts)
          .map(([outcome, rows]) => [outcome, Number(rows)] as const)
          .filter(([, rows]) => rows !== 0),
      ),
    ]),
  );
}

/** The same, counted from the outcomes of rows. */
export function tally(outcomes: Readonly<Record<string, Outcome>>): Record<string, Counts> {
  const counts: Record<string, Counts> = {};
  for (const [address, outcome] of Object.entries(outcomes)) {
    const uploadId = address.slice(0, address.indexOf('/'));
    const ofUpload = counts[uploadId] ?? {};
    counts[uploadId] = { ...ofUpload, [outcome]: (ofUpload[outcome] ?? 0) + 1 };
  }
  return counts;
}
