import { de, en, es, Faker, fr, pl, tr } from '@faker-js/faker';
import { formatRecord } from '@rowferry/csv';

export type FileSettings = {
  rows: number;
  /** Share of the rows that Rowferry will reject, 0 to 1. */
  bad: number;
  /** The same seed makes the same file; another one, other people with other e-mail addresses. */
  seed: number;
};

const HEADER = ['employee_name', 'company_name', 'mobile_no', 'email'] as const;

/** faker takes some 20 µs for a name; a million rows are made of this many of each, put together anew. */
const POOL = 500;
const DOMAINS = ['example.com', 'example.org', 'example.net'] as const;

type Pools = { first: string[]; last: string[]; company: string[] };

/** The lines of a CSV file of employees, header first, each with its line end. */
export function* employeeLines({ rows, bad, seed }: FileSettings): Generator<string> {
  const faker = new Faker({ locale: [de, fr, es, pl, tr, en], seed });
  const pools = makePools(faker);
  yield formatRecord(HEADER, ',');
  // Which rows are bad is spread evenly, so that their number is just what was asked for.
  for (let row = 0; row < rows; row++) {
    const good = employeeOf(faker, pools, seed, row);
    const isBad = Math.floor((row + 1) * bad) > Math.floor(row * bad);
    yield formatRecord(isBad ? spoil(faker, good) : good, ',');
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

type Row = readonly [name: string, company: string, mobile: string, email: string];

function employeeOf(faker: Faker, pools: Pools, seed: number, row: number): Row {
  const { arrayElement } = faker.helpers;
  const [first, last] = [arrayElement(pools.first), arrayElement(pools.last)];
  // The row's number makes it unique in the file, the seed among files.
  const mailbox = [asciiOf(first), asciiOf(last), row.toString(36), seed.toString(36)]
    .filter((part) => part !== '')
    .join('.');
  return [
    `${first} ${last}`,
    arrayElement(pools.company),
    faker.phone.number({ style: 'international' }),
    `${mailbox}@${arrayElement(DOMAINS)}`,
  ];
}

function asciiOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
}

/** One of the faults that files have. */
function spoil(faker: Faker, [name, company, mobile, email]: Row): readonly string[] {
  return faker.helpers.arrayElement([
    [name, company, mobile, email.replace('@', ' at ')],
    [name, company, '12 34', email],
    ['', company, mobile, email],
    [name, 'x'.repeat(201), mobile, email],
    [name, company, email],
  ]);
}
