import { csvOf } from '@rowferry/testing';

const ROWS = 10_000;
const HEADER = ['Name', 'Company', 'Mobile No.', 'Notes', 'E-Mail'];

export type StaffFile = {
  csv: string;
  rows: number;
  /** By e-mail, what the employees must be; the line is that of the row that made them so. */
  employees: Map<string, { employee_name: string; company_name: string; mobile_no: string; line: number }>;
  /** By line, why a row is rejected. */
  rejected: Map<number, { code: string; column: string | null }>;
  /** Lines of rows that a later line of the same e-mail makes void. */
  superseded: Set<number>;
  /** E-mails of those. */
  repeated: Set<string>;
};

/**
 * A file as it comes out of real life: quoted commas and quotes, accents and other scripts, line ends inside quotes,
 * upper-case e-mails, some bad rows of every kind and some e-mails twice. What must become of each row is written
 * down while the row is made, with nothing of Rowferry's own code.
 *
 * @param company ends every company's name, so that another one makes a file that updates all employees.
 */
export function staffFile(company: string): StaffFile {
  const records: string[][] = [HEADER];
  const file: StaffFile = {
    csv: '',
    rows: ROWS,
    employees: new Map(),
    rejected: new Map(),
    superseded: new Set(),
    repeated: new Set(),
  };
  let line = 2;
  for (let n = 0; n < ROWS; n++) {
    const note = n % 7 === 0 ? 'first line\nsecond "line"\r\nthird' : '';
    const employee = {
      employee_name: `Åsa Müller-李 ${n}, Jr.`,
      company_name: `${n % 3 === 0 ? '"Söhne" & Cie, ' : ''}${company} ${n % 90}`,
      mobile_no: `${n % 2 === 0 ? '+49 (0)170' : '0170'} ${1_000_000 + n}`,
    };
    const email = n % 500 === 499 ? `person${n - 10}@example.org` : `person${n}@example.org`;
    const good = [
      employee.employee_name,
      employee.company_name,
      employee.mobile_no,
      note,
      n % 50 === 0 ? email.toUpperCase() : email,
    ];
    const bad = badRecord(n, good);
    records.push(bad?.record ?? good);
    if (bad !== undefined) file.rejected.set(line, bad.reason);
    else {
      const earlier = file.employees.get(email);
      if (earlier !== undefined) {
        file.superseded.add(earlier.line);
        file.repeated.add(email);
      }
      file.employees.set(email, { ...employee, line });
    }
    line += 1 + linesIn(bad?.record ?? good);
  }
  file.csv = csvOf(records);
  return file;
}

function badRecord(n: number, [name = '', company = '', mobile = '', note = '', email = '']: readonly string[]) {
  switch (n % 200) {
    case 13:
      return {
        record: [name, company, mobile, note, `person${n}.example.org`],
        reason: { code: 'email_without_at', column: 'email' },
      };
    case 37:
      return {
        record: [name, company, '12 34', note, email],
        reason: { code: 'mobile_no_digits', column: 'mobile_no' },
      };
    case 61:
      return { record: [name, company, mobile], reason: { code: 'field_count', column: null } };
    case 83:
      return {
        record: [`${name}\nand son`, company, mobile, note, email],
        reason: { code: 'control_character', column: 'employee_name' },
      };
    case 127:
      return {
        record: [name, 'x'.repeat(201), mobile, note, email],
        reason: { code: 'too_long', column: 'company_name' },
      };
    case 151:
      return { record: ['', company, mobile, note, email], reason: { code: 'required', column: 'employee_name' } };
    default:
      return undefined;
  }
}

/** Line ends inside a record: `\r\n` is one. */
function linesIn(record: readonly string[]): number {
  return record.join('').match(/\r\n|\n|\r/g)?.length ?? 0;
}
