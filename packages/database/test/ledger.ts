import type { Employee, Outcome, Raw } from '@rowferry/roster';
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
    `select e.employee_name, e.company_name, e.mobile_no, e.email, o.upload_id, o.line
     from employees e join employee_origins o using (id) order by e.email`,
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

/** What is kept of the values of rows, by `upload id/line`, of those of which anything is. */
export async function keptOf(database: Database): Promise<Record<string, Raw>> {
  const { rows } = await database.raw<{ rows: { address: string; raw: Raw }[] }>(
    `select upload_id || '/' || line as address, raw from upload_rows where raw is not null`,
  );
  return Object.fromEntries(rows.map(({ address, raw }) => [address, raw]));
}

/** The name before of each row that changed one, by `upload id/line`. */
export async function renamedOf(database: Database): Promise<Record<string, string>> {
  const { rows } = await database.raw<{ rows: { address: string; name_before: string }[] }>(
    `select upload_id || '/' || line as address, name_before from upload_rows where name_before is not null`,
  );
  return Object.fromEntries(rows.map(({ address, name_before }) => [address, name_before]));
}

/** The addresses of each upload that stand beside several names, each name with its first line. */
export async function sharedOf(database: Database): Promise<Record<string, Record<string, Record<string, number>>>> {
  const { rows } = await database.raw<{
    rows: { upload_id: string; email: string; names: string[]; lines: number[] }[];
  }>('select upload_id, email, names, lines from address_names where cardinality(names) > 1');
  const shared: Record<string, Record<string, Record<string, number>>> = {};
  for (const { upload_id, email, names, lines } of rows) {
    const ofUpload = shared[upload_id] ?? {};
    ofUpload[email] = Object.fromEntries(names.map((name, index) => [name, lines[index] ?? Number.NaN]));
    shared[upload_id] = ofUpload;
  }
  return shared;
}

/** What `upload_counts` says of each upload beside the outcomes; where it says nothing, the upload is left out. */
export async function warningCountsOf(database: Database): Promise<Record<string, [renamed: number, shared: number]>> {
  const { rows } = await database.raw<{ rows: { upload_id: string; renamed: string; shared: string }[] }>(
    `select upload_id, sum(names_changed) as renamed, sum(shared_addresses) as shared
     from upload_counts group by upload_id having sum(names_changed) <> 0 or sum(shared_addresses) <> 0`,
  );
  return Object.fromEntries(
    rows.map(({ upload_id, renamed, shared }) => [upload_id, [Number(renamed), Number(shared)]]),
  );
}

/** The same, counted from the rows that changed a name and from the addresses that are shared. */
export function tallyWarnings(
  renamed: Readonly<Record<string, string>>,
  shared: Readonly<Record<string, object>>,
): Record<string, [renamed: number, shared: number]> {
  const uploads = new Set([
    ...Object.keys(renamed).map((address) => address.slice(0, UUID_LENGTH)),
    ...Object.keys(shared),
  ]);
  return Object.fromEntries(
    [...uploads].map((id) => [
      id,
      [Object.keys(renamed).filter((address) => address.startsWith(id)).length, Object.keys(shared[id] ?? {}).length],
    ]),
  );
}

const UUID_LENGTH = 36;

/** The counts of each upload, counted from the outcomes of rows. */
export function tally(outcomes: Readonly<Record<string, Outcome>>): Record<string, Counts> {
  const counts: Record<string, Counts> = {};
  for (const [address, outcome] of Object.entries(outcomes)) {
    const uploadId = address.slice(0, address.indexOf('/'));
    const ofUpload = counts[uploadId] ?? {};
    counts[uploadId] = { ...ofUpload, [outcome]: (ofUpload[outcome] ?? 0) + 1 };
  }
  return counts;
}
