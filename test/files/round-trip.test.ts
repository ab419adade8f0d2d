import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Import, setupImport } from './import-file.ts';
import { oddPerson, ownAddress } from './odd-people.ts';

const PEOPLE = 3000;
const MINUTE = 60_000;

/** A file of so many people, other ones each time. */
function oddFile(): string {
  const people = fc
    .sample(oddPerson, PEOPLE)
    .map(({ employee_name, company_name, mobile_no, address }, index) =>
      [employee_name, company_name, mobile_no, ownAddress(address, index)].map(quoted).join(','),
    );
  return ['employee_name,company_name,mobile_no,email', ...people].join('\r\n');
}

function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

async function exported(imports: Import): Promise<string> {
  return (await imports.get('/v1/employees.csv')).text;
}

/** What LibreOffice and Excel save of an export: of each text formula the text alone. */
function savedBySpreadsheet(csv: string): string {
  return csv.replaceAll(/"=""((?:[^"]|"""")*)"""/g, (_, text: string) => quoted(text.replaceAll('""""', '"')));
}

test(
  'all that is exported and uploaded again is unchanged, also by way of a spreadsheet, whatever odd values there are',
  async () => {
    const imports = await setupImport();
    const file = oddFile();
    const { counts } = await imports.importFile(file);
    // Of most of them there is something to export.
    expect(counts.inserted).toBeGreaterThan(PEOPLE / 3);
    const before = await imports.employees();

    const csv = await exported(imports);
    expect(savedBySpreadsheet(csv)).not.toBe(csv);
    for (const again of [csv, savedBySpreadsheet(csv)]) {
      const { total, counts: outcomes } = await imports.importFile(again);
      expect(outcomes, 'some changed or were refused').toMatchObject({ unchanged: total });
    }

    expect(before).toHaveLength(counts.inserted);
    expect(await exported(imports)).toBe(csv);
  },
  3 * MINUTE,
);
