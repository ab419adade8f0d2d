import { de, en, es, Faker, fr, pl, tr } from '@faker-js/faker';
import { formatRecord } from '@rowferry/csv';
import { byColumn, COLUMNS, declarationOf, type RowValues } from '@rowferry/roster';

export type FileSettings = {
  rows: number;
  /** Share of the rows that Rowferry will reject, 0 to 1. */
  bad: number;
  /** The same seed makes the same file; another one, other people with other e-mail addresses. */
  seed: number;
};

/** faker takes some 20 µs for a name; a million rows are made of this many of each, put together anew. */
const POOL = 500;
const DOMAINS = ['example.com', 'example.org', 'example.net'] as const;

type Pools = { first: string[]; last: string[]; company: string[] };

/** The lines of a CSV file of employees, header first, each with its line end. */
export function* employeeLines({ rows, bad, seed }: FileSettings): Generator<string> {
  const faker = new Faker({ locale: [de, fr, es, pl, tr, en], seed });
  const pools = makePools(faker);
  yield formatRecord(COLUMNS, ',');
  // Which rows are bad is spread evenly, so that their number is just what was asked for.
  for (let row = 0; row < rows; row++) {
    const good = employeeOf(faker, pools, seed, row);
    const isBad = Math.floor((row + 1) * bad) > Math.floor(row * bad);
    yield formatRecord(isBad ? spoil(faker, good) : fieldsOf(good), ',');
  }
}

function makePools(faker: Faker): Pools {
  // The locales one after the other: a company has people of all of them.
  const locales = [de, fr, es, pl, tr, en].map(
    (locale) => new Faker({ locale: [locale, en], seed: faker.number.int() }),
  );
  const many = (make: (from: Faker) => string) =>
    Array.from({ length: POOL }, (_, index) => make(locales[index % locales.length] ?? faker));
  return {
    first: many((from) => from.person.firstName()),
    last: many((from) => from.person.lastName()),
    company: many((from) => from.company.name()),
  };
}

function employeeOf(faker: Faker, pools: Pools, seed: number, row: number): RowValues {
  const { arrayElement } = faker.helpers;
  const [first, last] = [arrayElement(pools.first), arrayElement(pools.last)];
  // The row's number makes it unique in the file, the seed among files.
  const mailbox = [asciiOf(first), asciiOf(last), row.toString(36), seed.toString(36)]
    .filter((part) => part !== '')
    .join('.');
  const made: Partial<RowValues> = {
    employee_name: `${first} ${last}`,
    company_name: arrayElement(pools.company),
    mobile_no: faker.phone.number({ style: 'international' }),
    email: `${mailbox}@${arrayElement(DOMAINS)}`,
  };
  return byColumn((column) => made[column] ?? arrayElement(declarationOf(column).examples));
}

function asciiOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
}

/** One of the faults that files have. */
function spoil(faker: Faker, row: RowValues): readonly string[] {
  const { email } = row;
  return faker.helpers.arrayElement([
    fieldsOf({ ...row, email: email.replace('@', ' at ') }),
    fieldsOf({ ...row, mobile_no: '12 34' }),
    fieldsOf({ ...row, employee_name: '' }),
    fieldsOf({ ...row, company_name: 'x'.repeat(201) }),
    // Too few fields: one is missing in the middle.
    fieldsOf(row).toSpliced(2, 1),
  ]);
}

function fieldsOf(row: RowValues): string[] {
  return COLUMNS.map((column) => row[column]);
}
