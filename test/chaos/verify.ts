import { connect, type Database } from '@rowferry/database';
import { employeesOf, type TakenUpload } from './model.ts';
import { examineEvents } from './verify-events.ts';
import type { PlannedFile } from './workload.ts';

const OUTCOMES = ['inserted', 'updated', 'unchanged', 'superseded', 'rejected', 'dead'] as const;
type Outcome = (typeof OUTCOMES)[number];

export type ValidationResult = {
  uploads: number;
  /** Rows of all files that were taken. */
  rowsIn: number;
  outcomes: Record<Outcome, number>;
  /** Rows without an outcome, and employees that are missing or not what the files say. */
  lost: number;
  /** Rows counted more often than once, and employees that are there without a row that says so. */
  twice: number;
  /** Rows that landed only after their message was received more often than once. */
  writtenLate: number;
  /** Ends of uploads that were delivered and stored. */
  ends: number;
  /** Everything that is not as it must be, in words. */
  findings: string[];
};

/**
 * Holds what is in Postgres against the files: every row has one outcome, the right kind of one; the counts are those of
 * the ledger; the employees are the model's.
 */
export async function verify(
  databaseUrl: string,
  files: readonly PlannedFile[],
  /** In the order in which they were sent. */
  accepted: ReadonlySet<string>,
): Promise<ValidationResult> {
  const database = connect({ url: databaseUrl, poolMax: 1, onWarning: () => {} });
  try {
    const { taken, findings } = await takenUploads(database, files, accepted);
    const ledgers = await Promise.all(taken.map((upload) => examineLedger(database, upload)));
    const employees = await examineEmployees(database, taken);
    const events = await examineEvents(database);
    const unreadable = await countOf(database, 'select count(*) as n from unreadable_messages');
    const strange = await countOf(
      database,
      'select count(*) as n from upload_rows r where not exists (select from uploads u where u.id = r.upload_id and u.total_rows is not null)',
    );
    return {
      uploads: taken.length,
      rowsIn: taken.reduce((sum, { file }) => sum + file.rows.length, 0),
      outcomes: totalOutcomes(ledgers.map(({ outcomes }) => outcomes)),
      lost: sum(ledgers.map(({ lost }) => lost)) + employees.lost,
      twice: sum(ledgers.map(({ twice }) => twice)) + employees.twice + strange,
      writtenLate: await countOf(
        database,
        "select count(*) as n from upload_rows where attempts > 1 and outcome <> 'dead'",
      ),
      ends: events.ends,
      findings: [
        ...findings,
        ...events.findings,
        ...ledgers.flatMap((ledger) => ledger.findings),
        ...employees.findings,
        ...(unreadable === 0 ? [] : [`${unreadable} messages are kept as unreadable`]),
        ...(strange === 0 ? [] : [`${strange} rows are in the ledger of uploads that were never read`]),
      ],
    };
  } finally {
    await database.destroy();
  }
}

type UploadRow = {
  id: string;
  status: string;
  file_name: string;
  total_rows: number | null;
  recorded: number;
  received: number | null;
};

/** The uploads that were read. One whose sending failed may have been taken all the same: the answer was lost. */
async function takenUploads(database: Database, files: readonly PlannedFile[], accepted: ReadonlySet<string>) {
  const { rows } = await database.raw<{ rows: UploadRow[] }>(
    `select id, status, file_name, total_rows, recorded, (extract(epoch from received_at) * 1000000)::bigint as received
     from upload_status order by id`,
  );
  const taken: TakenUpload[] = [];
  const findings: string[] = [];
  for (const { id, status, file_name, total_rows, received } of rows) {
    const file = files.find(({ name }) => name === file_name);
    if (file === undefined) findings.push(`upload ${id} is of an unknown file ${file_name}`);
    else if (total_rows !== null) taken.push({ id, receivedAtMicros: received ?? Number.NaN, file });
    if (!/^completed/.test(status) && (accepted.has(id) || status !== 'receiving'))
      findings.push(`upload ${id} is ${status}`);
  }
  const missing = [...accepted].filter((id) => !rows.some((row) => row.id === id));
  return {
    taken,
    findings: [
      ...findings,
      ...missing.map((id) => `upload ${id} was accepted and is not there`),
      ...findDisorder(rows, accepted),
    ],
  };
}

/** Each file was sent when the one before had been accepted, so it was received later. */
function findDisorder(rows: readonly UploadRow[], accepted: ReadonlySet<string>): string[] {
  const received = [...accepted].map((id) => rows.find((row) => row.id === id)?.received ?? Number.NaN);
  const isInOrder = received.every((moment, index) => index === 0 || moment > (received[index - 1] ?? 0));
  return isInOrder ? [] : ['uploads were not received in the order in which they were sent'];
}

async function examineLedger(database: Database, { id, file }: TakenUpload) {
  const { rows } = await database.raw<{ rows: { line: number; outcome: Outcome }[] }>(
    'select line, outcome from upload_rows where upload_id = ?',
    [id],
  );
  const counts = await database.raw<{ rows: (Record<Outcome, number> & { total_rows: number })[] }>(
    `select total_rows, ${OUTCOMES.join(', ')} from upload_status where id = ?`,
    [id],
  );
  const ledger = new Map(rows.map(({ line, outcome }) => [line, outcome]));
  const lost = file.rows.filter(({ line }) => !ledger.has(line)).length;
  const wrong = file.rows.filter(({ line, employee }) => !isPossible(ledger.get(line), employee === null)).length;
  const outcomes = totalOutcomes(rows.map(({ outcome }) => ({ [outcome]: 1 })));
  const counted = counts.rows[0];
  const surplus = Math.max(0, sum(OUTCOMES.map((outcome) => counted?.[outcome] ?? 0)) - file.rows.length);
  const difference = OUTCOMES.filter((outcome) => counted?.[outcome] !== outcomes[outcome]);
  return {
    outcomes,
    lost,
    twice: surplus + Math.max(0, rows.length - file.rows.length),
    findings: [
      ...(counted?.total_rows === file.rows.length
        ? []
        : [`upload ${id} says ${counted?.total_rows} rows of ${file.rows.length}`]),
      ...(wrong === 0 ? [] : [`upload ${id} has ${wrong} rows without an outcome or with one that cannot be`]),
      ...(surplus === 0 ? [] : [`upload ${id} counts ${surplus} rows too many`]),
      ...difference.map(
        (outcome) => `upload ${id} counts ${counted?.[outcome]} ${outcome}, its ledger has ${outcomes[outcome]}`,
      ),
    ],
  };
}

function isPossible(outcome: Outcome | undefined, isBad: boolean): boolean {
  if (outcome === undefined || outcome === 'dead') return false;
  return (outcome === 'rejected') === isBad;
}

type StoredEmployee = {
  employee_name: string;
  company_name: string;
  mobile_no: string;
  email: string;
  upload_id: string;
  line: number;
};

async function examineEmployees(database: Database, taken: readonly TakenUpload[]) {
  const { rows } = await database.raw<{ rows: StoredEmployee[] }>(
    `select e.employee_name, e.company_name, e.mobile_no, e.email, o.upload_id, o.line
     from employees e join employee_origins o using (id)`,
  );
  const expected = employeesOf(taken);
  const stored = new Map(rows.map((row) => [row.email, row]));
  const wrong = [...expected.values()].filter((employee) => !isSame(employee, stored.get(employee.email)));
  const surplus = rows.filter(({ email }) => !expected.has(email));
  const [example] = wrong;
  return {
    lost: wrong.length,
    twice: surplus.length,
    findings: [
      ...(example === undefined
        ? []
        : [
            `${wrong.length} employees are not what the files say, such as line ${example.line} of ${example.upload_id}`,
          ]),
      ...(surplus.length === 0 ? [] : [`${surplus.length} employees are in no file`]),
    ],
  };
}

function isSame(expected: StoredEmployee, stored: StoredEmployee | undefined): boolean {
  return (
    stored?.employee_name === expected.employee_name &&
    stored.company_name === expected.company_name &&
    stored.mobile_no === expected.mobile_no &&
    stored.upload_id === expected.upload_id &&
    stored.line === expected.line
  );
}

function totalOutcomes(parts: readonly Partial<Record<Outcome, number>>[]): Record<Outcome, number> {
  const total = (outcome: Outcome) => sum(parts.map((part) => part[outcome] ?? 0));
  return {
    inserted: total('inserted'),
    updated: total('updated'),
    unchanged: total('unchanged'),
    superseded: total('superseded'),
    rejected: total('rejected'),
    dead: total('dead'),
  };
}

async function countOf(database: Database, statement: string): Promise<number> {
  const { rows } = await database.raw<{ rows: { n: number }[] }>(statement);
  return rows[0]?.n ?? Number.NaN;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
