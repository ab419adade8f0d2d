import type { Employee, Outcome } from '@rowferry/roster';
import fc from 'fast-check';
import type { RejectedRow, ValidRow } from '../src/row-writes/batch.ts';
import { rejectedRow, validRow } from './ledger.ts';

/** A record of a file, or null for one that the rules refuse. */
type FileRecord = Pick<Employee, 'employee_name' | 'email' | 'company_name'> | null;

/** An uploaded file: its records stand on lines 2, 3, … */
export type File = { uploadId: string; receivedAtMicros: number; records: readonly FileRecord[] };

export type FileRow = { valid: ValidRow } | { rejected: RejectedRow };

/** Few e-mails, names and companies, so that rows meet and contents repeat. */
const record: fc.Arbitrary<FileRecord> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      employee_name: fc.constantFrom('Ann', 'Bob', 'Cy'),
      email: fc.constantFrom('a@x.org', 'b@x.org', 'c@x.org', 'd@x.org'),
      company_name: fc.constantFrom('One', 'Two'),
    }),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);

/** Received so many microseconds after the one before. Of files that came at the same moment, the larger id is newer. */
const gap = fc.constantFrom(0, 1, 1000);

/** Files in the order in which they were received, whatever their ids; some are an earlier one, uploaded again. */
export const files: fc.Arbitrary<File[]> = fc
  .tuple(contents(), fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), fc.array(gap, { minLength: 4, maxLength: 4 }))
  .map(([records, ids, gaps]) => {
    let receivedAtMicros = 1_760_000_000_000_000;
    const received = records.map((content, index) => {
      receivedAtMicros += gaps[index] ?? 0;
      return { uploadId: uploadIdOf(ids[index] ?? index), receivedAtMicros, records: content };
    });
    return received.toSorted((a, b) => a.receivedAtMicros - b.receivedAtMicros || (a.uploadId < b.uploadId ? -1 : 1));
  });

function contents(): fc.Arbitrary<(readonly FileRecord[])[]> {
  return fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.array(record, { minLength: 1, maxLength: 12 }) },
        { arbitrary: fc.nat(), weight: 1 },
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((contents) => {
      const known: (readonly FileRecord[])[] = [];
      for (const content of contents) {
        const records = typeof content === 'number' ? known[content % Math.max(1, known.length)] : content;
        known.push(records ?? [{ employee_name: 'Ann', email: 'a@x.org', company_name: 'One' }]);
      }
      return known;
    });
}

function uploadIdOf(index: number): string {
  return `019a0000-0000-7000-8000-${String(index).padStart(12, '0')}`;
}

export function rowsOf({ uploadId, receivedAtMicros, records }: File): FileRow[] {
  return records.map((content, index) => {
    const line = index + 2;
    return content === null
      ? { rejected: rejectedRow({ uploadId, line }) }
      : { valid: validRow({ uploadId, receivedAtMicros, line, ...content }) };
  });
}

/** How rows arrive: every one at least once, in any order, some again, in batches of any size. */
export function batchesOf(rows: readonly FileRow[]): fc.Arbitrary<FileRow[][]> {
  return fc
    .tuple(
      fc.array(fc.constantFrom(...rows), { maxLength: 10 }),
      fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 }),
    )
    .chain(([again, sizes]) => {
      const deliveries = [...rows, ...again];
      return fc.shuffledSubarray(deliveries, { minLength: deliveries.length }).map((shuffled) => cut(shuffled, sizes));
    });
}

function cut(rows: readonly FileRow[], sizes: readonly number[]): FileRow[][] {
  const batches: FileRow[][] = [];
  for (let start = 0; start < rows.length; ) {
    const size = sizes[batches.length % sizes.length] ?? 1;
    batches.push(rows.slice(start, start + size));
    start += size;
  }
  return batches;
}

/** An employee as the model knows it: who wrote it, and what it says. */
export type ModelEmployee = Pick<Employee, 'employee_name' | 'email' | 'company_name'> & {
  upload_id: string;
  line: number;
};

/**
 * What a file does to the employees that were there before, derived from the file alone: of the lines with one e-mail the
 * last counts, the others are superseded. `renamed` has the name before of each line that changes one.
 */
export function applyFile(
  before: ReadonlyMap<string, ModelEmployee>,
  { uploadId, records }: File,
): { employees: Map<string, ModelEmployee>; outcomes: Record<string, Outcome>; renamed: Record<string, string> } {
  const employees = new Map(before);
  const outcomes: Record<string, Outcome> = {};
  const renamed: Record<string, string> = {};
  for (const [index, content] of records.entries()) {
    const line = index + 2;
    if (content === null) {
      outcomes[`${uploadId}/${line}`] = 'rejected';
      continue;
    }
    const isLast = !records.slice(index + 1).some((later) => later?.email === content.email);
    const old = before.get(content.email);
    const isSame = old?.company_name === content.company_name && old.employee_name === content.employee_name;
    const effect = old === undefined ? 'inserted' : isSame ? 'unchanged' : 'updated';
    outcomes[`${uploadId}/${line}`] = isLast ? effect : 'superseded';
    if (isLast && old !== undefined && old.employee_name !== content.employee_name)
      renamed[`${uploadId}/${line}`] = old.employee_name;
    employees.set(content.email, { ...content, upload_id: uploadId, line });
  }
  return { employees, outcomes, renamed };
}

/** The addresses that a file has beside several names, each name with the first line that has it. */
export function sharedIn({ records }: Pick<File, 'records'>): Record<string, Record<string, number>> {
  const names: Record<string, Record<string, number>> = {};
  for (const [index, content] of records.entries()) {
    if (content === null) continue;
    names[content.email] = { [content.employee_name]: index + 2, ...names[content.email] };
  }
  return Object.fromEntries(Object.entries(names).filter(([, lines]) => Object.keys(lines).length > 1));
}
