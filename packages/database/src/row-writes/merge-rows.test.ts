import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { keptOf, renamedOf, validRow, warningCountsOf } from '../../test/ledger.ts';
import { writeRows } from './write-rows.ts';

/** Two uploads, the second later than the first. */
function twoUploads(): [string, string] {
  return ['019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002'];
}

test('a row that changes the name of an employee who was there says the name before its upload, and is counted', async () => {
  const { database } = await setupDatabase();
  const [first, second] = twoUploads();
  const row = (uploadId: string, line: number, employee_name: string, email = 'a@x.org') =>
    validRow({ uploadId, line, employee_name, email });
  await writeRows(database, [row(first, 2, 'Ann'), row(first, 3, 'Bo', 'b@x.org')], []);

  await writeRows(
    database,
    [row(second, 2, 'Cy'), row(second, 3, 'Bo', 'b@x.org'), row(second, 4, 'New', 'n@x.org')],
    [],
  );
  expect(await renamedOf(database)).toEqual({ [`${second}/2`]: 'Ann' });
  expect(await warningCountsOf(database)).toEqual({ [second]: [1, 0] });

  // Not from Cy to Dee: that is a shared address.
  await writeRows(database, [row(second, 5, 'Dee'), row(second, 6, 'Newer', 'n@x.org')], []);
  expect(await renamedOf(database)).toEqual({ [`${second}/5`]: 'Ann' });
  expect(await warningCountsOf(database)).toEqual({ [second]: [1, 2] });

  await writeRows(database, [row(second, 7, 'Ann')], []);
  expect(await renamedOf(database)).toEqual({});
  expect(await warningCountsOf(database)).toEqual({ [second]: [0, 2] });
});

test('a superseded row keeps its values: one that comes too late, and one that is displaced', async () => {
  const { database } = await setupDatabase();
  const [first, second] = twoUploads();
  const late = validRow({ uploadId: first, line: 9, employee_name: 'Late', mobile_no: null });
  const displaced = validRow({ uploadId: second, line: 2, employee_name: 'Displaced' });
  const last = validRow({ uploadId: second, line: 3, employee_name: 'Last' });

  for (const row of [displaced, late, last]) await writeRows(database, [row], []);

  expect(await keptOf(database)).toEqual({
    [`${first}/9`]: { employee_name: 'Late', company_name: 'Analytical', mobile_no: null, email: 'ada@x.org' },
    [`${second}/2`]: {
      employee_name: 'Displaced',
      company_name: 'Analytical',
      mobile_no: '0123456789',
      email: 'ada@x.org',
    },
  });
});
