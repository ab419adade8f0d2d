import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { COLUMNS, type RowValues } from '@rowferry/roster';

const GIVEN_NAMES =
  'Aaliyah Adam Ágnes Aiko Alejandro Amelia Anders Anna Antoine Ayşe Beatriz Björn Camille Carlos Chen Chiara Dana David Dilip Elena Emma Fatima Femi François Grace Hannah Hiroshi Ingrid Ivan Jamal James Jana José Julia Kateryna Kofi Lars Leila Liam Lucía Magnus Maria Mateo Mei Mohammed Nadia Naveen Nia Olga Oluwaseun Óscar Paul Priya Rachel Rania Ravi Sakura Samuel Sofia Tomasz Valentina Wei Yusuf Zoë'.split(
    ' ',
  );
const FAMILY_NAMES =
  'Abebe Adeyemi Ahmed Alvarez Andersson Bauer Becker Bianchi Brown Carter Castillo Chowdhury Costa Diaz Dubois Dvořák Eriksson Evans Fernández Fischer Fontaine García Gomez Gupta Haddad Hansen Hernández Hoffmann Horváth Ibrahim Ito Ivanova Jensen Johnson Kaya Keller Khan Kim Kovalenko Kowalski Kumar Larsen Lefebvre Lindqvist Lopez Mahmoud Martin Mbeki Meyer Moreau Mwangi Nakamura Nguyen Novák Nowak Okafor Olsen O’Brien Park Patel Pereira Petrov Popescu Rahman Reyes Ricci Rossi Santos Sato Schmidt Schneider Sharma Silva Singh Smith Svensson Tanaka Taylor Thompson Torres Tran Usman Vargas Virtanen Wagner Walker Wang Weber Wilson Wright Yamamoto Yıldız Zhang Zimmermann Łukasik'.split(
    ' ',
  );
const COMPANY_FIRST =
  'Alder Amber Anchor Beacon Birch Blue Brightwater Cedar Clear Cobalt Copper Crescent Delta Eastern Elm Falcon Fern Golden Granite Harbor Highland Iron Juniper Lakeside Maple Meridian Northern Oak Orchid Pacific Pine Quarry Ridge River Silver Stone Summit Sunrise Timber Western'.split(
    ' ',
  );
const COMPANY_SECOND =
  'Analytics Bakery Builders Capital Care Chemicals Consulting Design Dynamics Electric Energy Farms Finance Foods Freight Health Hotels Insurance Labs Logistics Marine Media Metals Motors Networks Optics Partners Pharma Press Railways Robotics Security Software Steel Studios Systems Telecom Textiles Tools Ventures'.split(
    ' ',
  );
const COMPANY_ENDINGS = [' Ltd', ' GmbH', ', Inc.', ' & Co', ' SA', '', '', ''];
const COUNTRIES = ['+1', '+33', '+34', '+44', '+48', '+49', '+81', '+91', '+234', '+254'];

const ROWS_PER_CHUNK = 1000;

/**
 * The employee in place `index` of the roster that every benchmark ferries: always the same, about 90 bytes as CSV. Every
 * e-mail address is its own; in the order of the file they are in no order, as in a file sorted by anything else.
 */
export function employeeAt(index: number): RowValues {
  const given = pick(GIVEN_NAMES, index, 1);
  const family = pick(FAMILY_NAMES, index, 2);
  const first = pick(COMPANY_FIRST, index, 3);
  const second = pick(COMPANY_SECOND, index, 4);
  const digits = String(hash(index, 5)).padStart(10, '0');
  return {
    employee_name: `${given} ${family}`,
    company_name: `${first} ${second}${pick(COMPANY_ENDINGS, index, 6)}`,
    mobile_no: `${pick(COUNTRIES, index, 7)} ${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6, 10)}`,
    email: `${ascii(given)}.${ascii(family)}${index.toString(36)}@${first}-${second}.example.com`.toLowerCase(),
  };
}

/**
 * Writes the roster as the CSV file that a person would upload. Memory: one chunk.
 *
 * @param first the place in the roster that it begins at.
 * @param notes characters of a further column, which Rowferry ignores, as of a large export from another system.
 */
export async function writeRoster(
  file: string,
  rows: number,
  { first = 0, notes = 0 }: { first?: number; notes?: number } = {},
): Promise<void> {
  const text = NOTES.repeat(Math.ceil(notes / NOTES.length)).slice(0, notes);
  const header = notes === 0 ? COLUMNS : [...COLUMNS, 'notes'];
  await writeLines(file, rows, [header.join(',')], (index) => {
    const values = Object.values(employeeAt(first + index));
    return csvLine(notes === 0 ? values : [...values, text]);
  });
}

/** The rows from place `start` on as a worker writes them: of one upload, each at its first attempt. */
export function rowsToWrite(
  uploadId: string,
  receivedAtMicros: number,
  { start, count }: { start: number; count: number },
) {
  return Array.from({ length: count }, (_, offset) => ({
    uploadId,
    receivedAtMicros,
    line: start + offset + 2,
    attempts: 1,
    employee: employeeAt(start + offset),
  }));
}

const NOTES = 'Moved with the team in spring; keeps the badge of the old site until the lease ends. ';

/** Of `employees`, those that the ingest fills: values and version. */
export const FILLED_COLUMNS = [...COLUMNS, 'received_at', 'upload_id', 'line'].join(', ');

/** Writes the rows as `COPY` takes them for `FILLED_COLUMNS`. */
export async function writeCopyInput(file: string, rows: number, uploadId: string): Promise<void> {
  const receivedAt = new Date().toISOString();
  await writeLines(file, rows, [], (index) =>
    csvLine([...Object.values(employeeAt(index)), receivedAt, uploadId, String(index + 2)]),
  );
}

async function writeLines(
  file: string,
  rows: number,
  head: readonly string[],
  line: (index: number) => string,
): Promise<void> {
  function* chunks() {
    yield head.map((text) => `${text}\n`).join('');
    for (let start = 0; start < rows; start += ROWS_PER_CHUNK) {
      let chunk = '';
      for (let index = start; index < Math.min(rows, start + ROWS_PER_CHUNK); index++) chunk += `${line(index)}\n`;
      yield chunk;
    }
  }
  await pipeline(Readable.from(chunks()), createWriteStream(file));
}

function csvLine(values: readonly string[]): string {
  return values.map((value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',');
}

function pick(list: readonly string[], index: number, salt: number): string {
  return list[hash(index, salt) % list.length] ?? '';
}

/** 32 bits that look random (the finalizer of MurmurHash3). */
function hash(index: number, salt: number): number {
  let bits = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

function ascii(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[łŁ]/g, 'l')
    .replace(/ı/g, 'i')
    .replace(/[^A-Za-z]/g, '');
}
