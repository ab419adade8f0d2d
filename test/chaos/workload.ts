import { between, pick, type Random } from './random.ts';

export type Employee = { employee_name: string; company_name: string; mobile_no: string; email: string };

/** A record as the generator meant it: where it stands, and the employee that it is, or null where it is bad. */
export type PlannedRow = { line: number; employee: Employee | null };

export type PlannedFile = { name: string; csv: string; rows: readonly PlannedRow[] };

/** Emails that begin so are refused by a trigger until it is dropped. */
export const POISON = 'poison-';
const POISON_FILE = 'poison.csv';
const POISON_ROWS = 3;

/** Shares of the rows: 1 in 40 is bad; of the others 1 in 5 has an e-mail that other rows and files have too. */
const BAD_ONE_IN = 40;
const SHARED_ONE_IN = 5;
const SHARED_EMAILS = 2000;

/** Rows of a small file: one row to a message. Of the large one, of more than a segment (8 MiB), several. */
const SMALL_ROWS = 1000;
const SMALL_FILES = 8;

/** Files with `rows` rows in all: one large, the others small. */
export function planFiles(random: Random, rows: number): PlannedFile[] {
  const small = Array.from({ length: SMALL_FILES }, (_, index) => ({ name: `small-${index}.csv`, rows: SMALL_ROWS }));
  const sizes = [{ name: 'large.csv', rows: rows - SMALL_FILES * SMALL_ROWS }, ...small];
  return sizes.map(({ name, rows }) => {
    const padding = name === 'large.csv' ? ' of the long names'.repeat(9) : '';
    const records = Array.from({ length: rows }, (_, index) => planRecord(random, `${name}-${index}`, padding));
    return toFile(name, records);
  });
}

/** A small file in which some rows cannot land while the trigger is there, and the others can. */
export function planPoisonFile(random: Random): PlannedFile {
  const good = Array.from({ length: 60 }, (_, index) => planRecord(random, `${POISON_FILE}-${index}`, ''));
  const poison = Array.from({ length: POISON_ROWS }, (_, index) =>
    goodRecord(random, `${POISON}${index}@example.com`, ''),
  );
  return toFile(POISON_FILE, [...good, ...poison]);
}

/** The text of a record, and what it means. */
type PlannedRecord = { text: string; employee: Employee | null };

function toFile(name: string, records: readonly PlannedRecord[]): PlannedFile {
  let csv = 'email,employee_name,mobile_no,company_name\n';
  let line = 2;
  const rows = records.map(({ text, employee }) => {
    const row = { line, employee };
    csv += `${text}\n`;
    line += text.split('\n').length;
    return row;
  });
  return { name, csv, rows };
}

function planRecord(random: Random, unique: string, padding: string): PlannedRecord {
  if (between(random, 1, BAD_ONE_IN) === 1) return badRecord(random, unique);
  const email =
    between(random, 1, SHARED_ONE_IN) === 1
      ? `shared-${between(random, 1, SHARED_EMAILS)}@example.com`
      : `${unique}@example.com`;
  return goodRecord(random, email, padding);
}

function goodRecord(random: Random, email: string, padding: string): PlannedRecord {
  const employee: Employee = {
    employee_name: `${pick(random, ['Zoë', 'Jane', 'Łukasz', '𝒥ane'])} ${between(random, 1, 9999)}`,
    company_name: `${pick(random, ['Alder', 'Birch', 'Cedar'])}, "${between(random, 1, 99)}"${padding}`,
    mobile_no: `+49 ${between(random, 1_000_000, 9_999_999)}`,
    email,
  };
  // Who an e-mail belongs to does not depend on its case or on spaces around it.
  const spelling = pick(random, [email, email, email.toUpperCase(), ` ${email} `]);
  const text = [spelling, employee.employee_name, employee.mobile_no, quote(employee.company_name)].join(',');
  return { text, employee };
}

function badRecord(random: Random, unique: string): PlannedRecord {
  const text = pick(random, [
    'only,three,fields',
    `not an e-mail ${unique},Jane,+49 1234567,Alder`,
    `${unique}@example.com,Jane,12,Alder`,
    `${unique}@example.com,,+49 1234567,Alder`,
    `${unique}@example.com,"a name\non two lines",+49 1234567,Alder`,
  ]);
  return { text, employee: null };
}

function quote(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
