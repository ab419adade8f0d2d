import { setupDatabase, untilOneWaits } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { down, up } from '../../../../migrations/20261128001100_create_employee_versions.ts';
import { countsOf, employeesOf, validRow } from '../../test/ledger.ts';
import type { Database } from '../connection/connect.ts';
import { writeRows } from './write-rows.ts';

const FIRST = '019a0000-0000-7000-8000-000000000001';
const SECOND = '019a0000-0000-7000-8000-000000000002';
const THIRD = '019a0000-0000-7000-8000-000000000003';

function row(uploadId: string, company_name: string) {
  return validRow({ uploadId, receivedAtMicros: Number(uploadId.at(-1)), line: 2, company_name });
}

/** Where Postgres keeps each employee: another place once it was written again. */
async function placesOf(database: Database): Promise<unknown> {
  const { rows } = await database.raw<{ rows: object[] }>('select id, ctid::text from employees order by id');
  return rows;
}

/** What the consumer of the version before does with a row of an employee that it finds. */
async function writeAsBefore(database: Database, { uploadId, receivedAtMicros, employee }: ReturnType<typeof row>) {
  const { rowCount } = await database.raw<{ rowCount: number }>(
    `update employees set company_name = :company, upload_id = :uploadId, line = 2,
       received_at = timestamptz 'epoch' + :micros * interval '1 microsecond'
     where (received_at, upload_id, line) < (timestamptz 'epoch' + :micros * interval '1 microsecond', :uploadId::uuid, 2)`,
    { company: employee.company_name, uploadId, micros: receivedAtMicros },
  );
  return rowCount;
}

test('a row that changes nothing does not write the employee again, and wins over one in between that comes late', async () => {
  const { database } = await setupDatabase();
  await writeRows(database, [row(FIRST, 'Acme')], []);
  const places = await placesOf(database);

  expect(await writeRows(database, [row(THIRD, 'Acme')], [])).toMatchObject({ unchanged: 1 });
  expect(await writeRows(database, [row(SECOND, 'Other')], [])).toMatchObject({ superseded: 1, updated: 0 });

  expect(await placesOf(database)).toEqual(places);
  expect(await employeesOf(database)).toMatchObject([{ company_name: 'Acme', upload_id: THIRD, line: 2 }]);
});

test('an older row that waits for one that changes nothing is superseded', async () => {
  const { database } = await setupDatabase();
  await writeRows(database, [row(FIRST, 'Acme')], []);
  const transaction = await database.transaction();
  await writeRows(transaction, [row(THIRD, 'Acme')], []);

  const older = writeRows(database, [row(SECOND, 'Other')], []);
  await untilOneWaits(database);
  await transaction.commit();

  expect(await older).toMatchObject({ superseded: 1, updated: 0 });
  expect(await employeesOf(database)).toMatchObject([{ company_name: 'Acme', upload_id: THIRD }]);
});

test('a row that seems to change nothing, and waits for an older one that does, changes it back', async () => {
  const { database } = await setupDatabase();
  await writeRows(database, [row(FIRST, 'Acme')], []);
  const transaction = await database.transaction();
  await writeRows(transaction, [row(SECOND, 'Other')], []);

  const newer = writeRows(database, [row(THIRD, 'Acme')], []);
  await untilOneWaits(database);
  await transaction.commit();

  expect(await newer).toMatchObject({ updated: 1, unchanged: 0 });
  expect(await employeesOf(database)).toMatchObject([{ company_name: 'Acme', upload_id: THIRD }]);
  expect(await countsOf(database)).toEqual({
    [FIRST]: { inserted: 1 },
    [SECOND]: { updated: 1 },
    [THIRD]: { updated: 1 },
  });
});

test('what the consumer of the version before writes counts as a version, and does not win over a newer one', async () => {
  const { database } = await setupDatabase();
  await writeRows(database, [row(FIRST, 'Acme')], []);

  expect(await writeAsBefore(database, row(SECOND, 'Other'))).toBe(1);
  expect(await employeesOf(database)).toMatchObject([{ company_name: 'Other', upload_id: SECOND }]);
  expect(
    await writeRows(
      database,
      [row(FIRST, 'Late')].map((late) => ({ ...late, line: 3 })),
      [],
    ),
  ).toMatchObject({
    superseded: 1,
  });

  expect(await writeRows(database, [row(THIRD, 'Other')], [])).toMatchObject({ unchanged: 1 });
  expect(await writeAsBefore(database, { ...row(SECOND, 'Again'), receivedAtMicros: 2.5 })).toBe(0);
  expect(await employeesOf(database)).toMatchObject([{ company_name: 'Other', upload_id: THIRD }]);
});

test('an employee that is removed takes its version along, no matter who removes it', async () => {
  const { database } = await setupDatabase();
  for (const removal of ['delete from employees', 'truncate employees restart identity']) {
    await database.raw('truncate upload_rows');
    await writeRows(database, [row(FIRST, 'Acme')], []);
    await writeRows(database, [row(THIRD, 'Acme')], []);

    await database.raw(removal);

    expect((await database.raw('select * from employee_versions')).rows).toEqual([]);
    expect(await writeRows(database, [row(SECOND, 'Other')], [])).toMatchObject({ inserted: 1 });
    expect(await employeesOf(database)).toMatchObject([{ company_name: 'Other', upload_id: SECOND }]);
    await database.raw('truncate employees');
  }
});

test('the migration taken back leaves every employee with its newest version, as the version before looks for it', async () => {
  const { database } = await setupDatabase();
  await writeRows(database, [row(FIRST, 'Acme')], []);
  await writeRows(database, [row(THIRD, 'Acme')], []);

  await down(database);

  const { rows } = await database.raw(
    'select company_name, upload_id, line, content_before is null as is_new from employees',
  );
  expect(rows).toEqual([{ company_name: 'Acme', upload_id: THIRD, line: 2, is_new: false }]);
  await up(database);
  const displacing = { ...row(THIRD, 'Acme'), line: 3 };
  expect(await writeRows(database, [displacing], [])).toMatchObject({ unchanged: 1 });
  expect(await countsOf(database)).toMatchObject({ [THIRD]: { unchanged: 1, superseded: 1 } });
});
