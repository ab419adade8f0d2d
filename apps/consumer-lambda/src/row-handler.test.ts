import type { Message } from '@aws-sdk/client-sqs';
import { connect, findUpload } from '@rowferry/database';
import { newUploadId } from '@rowferry/messages';
import { deliver, type Fixtures, receive, remove, setup, setupProxy, sqsEvent, takeAll } from '@rowferry/testing';
import type { SQSBatchResponse } from 'aws-lambda';
import { expect, onTestFinished, test, vi } from 'vitest';
import { failed, finished, row, rows, started, startedUpload, upload } from '../test/messages.ts';
import { createRowHandler } from './row-handler.ts';

const SECOND = 1000;

type Setup = Fixtures & {
  /** Sends bodies, hands them to the handler in one event, and deletes those that it did not report, as Lambda does. */
  land(...bodies: string[]): Promise<{ failed: string[]; messages: Message[] }>;
};

async function setupConsumer({ databaseUrl }: { databaseUrl?: string } = {}): Promise<Setup> {
  const fixtures = await setup();
  const { sqs, rowQueueUrl, log } = fixtures;
  const database = databaseUrl === undefined ? fixtures.database : connectTo(databaseUrl);
  const handler = createRowHandler({ database, sqs, rowQueueUrl, logger: log.logger });
  return { ...fixtures, land: (...bodies) => landThrough(handler, fixtures, bodies) };
}

function connectTo(url: string) {
  const database = connect({ url, poolMax: 2, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  return database;
}

async function landThrough(
  handler: ReturnType<typeof createRowHandler>,
  { sqs, rowQueueUrl }: Fixtures,
  bodies: readonly string[],
) {
  const messages = await deliver(sqs, rowQueueUrl, bodies);
  const answer = await handler(sqsEvent(messages));
  const failures = idsOf(answer);
  const done = messages.filter(({ MessageId = '' }) => !failures.includes(MessageId));
  if (done.length > 0) await remove(sqs, rowQueueUrl, done);
  return { failed: failures, messages };
}

function idsOf({ batchItemFailures }: SQSBatchResponse): string[] {
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

async function ledgerOf({ database }: Fixtures) {
  const { rows } = await database.raw<{
    rows: { line: number; outcome: string; attempts: number; raw: unknown; errors: unknown }[];
  }>('select line, outcome, attempts, raw, errors from upload_rows order by line');
  return rows;
}

async function emailsOf({ database }: Fixtures): Promise<string[]> {
  const { rows } = await database.raw<{ rows: { email: string }[] }>('select email from employees order by email');
  return rows.map(({ email }) => email);
}

test('the messages of a whole upload, in whatever order, make it completed, with its total and its counts', async () => {
  const file = upload();
  const start = started(file, 2);
  const inOrder = [
    start,
    rows(file.id, row({ line: 2 }), row({ line: 3, email: 'not an address' })),
    rows(file.id, row({ line: 4, email: 'LINE2@x.org' })),
    finished(file.id, 2, 0),
    finished(file.id, 1, 1),
  ];
  for (const bodies of [inOrder, inOrder.toReversed(), [...inOrder.slice(2), ...inOrder.slice(0, 2)]]) {
    const fixtures = await setupConsumer();

    // Rows that come before the start come again.
    const early: string[] = [];
    for (const body of bodies) {
      const { failed } = await fixtures.land(body);
      expect(failed).toHaveLength(body.includes('"rows":[') && !(await isStarted(fixtures, file.id)) ? 1 : 0);
      if (failed.length > 0) early.push(body);
    }
    const before = bodies.slice(0, bodies.indexOf(start));
    expect(early).toEqual(before.filter((body) => body.includes('"rows":[')));
    expect((await fixtures.land(...early)).failed).toEqual([]);

    expect(await findUpload(fixtures.database, file.id)).toMatchObject({
      status: 'completed_with_errors',
      total_rows: 3,
      inserted: 1,
      superseded: 1,
      rejected: 1,
      file_name: 'staff.csv',
      size_bytes: 1000,
      ignored_columns: ['salary'],
      received_at: new Date('2026-11-22T10:00:00.000Z'),
    });
    expect(await emailsOf(fixtures)).toEqual(['line2@x.org']);
  }
});

test('an upload has started before the first of its rows has its outcome, in whatever order and number messages come', async () => {
  const file = upload();
  const bodies = [
    rows(file.id, row({ line: 2 }), row({ line: 3, email: 'not an address' })),
    finished(file.id, 3),
    started(file),
    rows(file.id, row({ line: 4, email: 'line4@x.org' })),
  ];
  for (const batches of [[bodies], bodies.map((body) => [body]), [bodies.toReversed()]]) {
    const fixtures = await setupConsumer();
    // What came before the start comes again; then all comes once more.
    for (const batch of [...batches, bodies, bodies]) await fixtures.land(...batch);

    const { rows: outcomes } = await fixtures.database.raw(
      'select u.started_at <= r.recorded_at as "inOrder" from upload_rows r join uploads u on u.id = r.upload_id',
    );
    expect(outcomes).toEqual([{ inOrder: true }, { inOrder: true }, { inOrder: true }]);
  }
});

async function isStarted({ database }: Fixtures, id: string): Promise<boolean> {
  return (await findUpload(database, id))?.started_at != null;
}

test('an upload’s messages that come again change nothing', async () => {
  const fixtures = await setupConsumer();
  const file = upload();
  const bodies = [started(file), rows(file.id, row({ line: 2 }), row({ line: 3 })), finished(file.id, 2)];
  await fixtures.land(...bodies);
  const before = await findUpload(fixtures.database, file.id);

  expect((await fixtures.land(...bodies, ...bodies)).failed).toEqual([]);

  expect(before).toMatchObject({ status: 'completed', total_rows: 2, inserted: 2 });
  expect(await findUpload(fixtures.database, file.id)).toEqual(before);
});

test('a file that could not be read is failed, with the reason', async () => {
  const fixtures = await setupConsumer();
  const file = upload();
  const failure = { code: 'missing_columns' as const, detail: 'The header lacks email.', columns: ['email' as const] };

  expect((await fixtures.land(failed(file, failure))).failed).toEqual([]);

  expect(await findUpload(fixtures.database, file.id)).toMatchObject({
    status: 'failed',
    failure,
    file_name: 'staff.csv',
  });
});

test('a file without rows is completed at once', async () => {
  const fixtures = await setupConsumer();
  const file = upload();

  await fixtures.land(started(file), finished(file.id, 0));

  expect(await findUpload(fixtures.database, file.id)).toMatchObject({
    status: 'completed',
    total_rows: 0,
    recorded: 0,
  });
});

test('bad rows are rejected with every reason, values and attempts, and the good ones beside them land', async () => {
  const fixtures = await setupConsumer();
  const { id: uploadId } = await startedUpload(fixtures);
  const shapeless = {
    line: 4,
    raw: ['a', 'b'],
    errors: [{ code: 'field_count' as const, column: null, message: 'has 2 fields' }],
  };
  const bad = { employee_name: '', company_name: 'x'.repeat(201), mobile_no: '12', email: 'nobody' };

  const { failed } = await fixtures.land(
    rows(uploadId, row({ line: 2 }), row({ line: 3, ...bad } as never)),
    rows(uploadId, shapeless, row({ line: 5, employee_name: 'has a \0' })),
  );

  expect(failed).toEqual([]);
  const codes = (list: unknown) =>
    (list as { code: string; column: string | null }[]).map(({ code, column }) => [column, code]);
  const ledger = await ledgerOf(fixtures);
  expect(ledger.map(({ line, outcome }) => [line, outcome])).toEqual([
    [2, 'inserted'],
    [3, 'rejected'],
    [4, 'rejected'],
    [5, 'rejected'],
  ]);
  expect(ledger[1]).toMatchObject({ raw: bad, attempts: 1 });
  expect(codes(ledger[1]?.errors)).toEqual([
    ['employee_name', 'required'],
    ['company_name', 'too_long'],
    ['mobile_no', 'mobile_no_digits'],
    ['email', 'email_without_at'],
  ]);
  expect(ledger[2]).toMatchObject({ raw: ['a', 'b'] });
  expect(codes(ledger[3]?.errors)).toEqual([['employee_name', 'control_character']]);
});

test('a message that nobody can read comes again until the dead-letter queue has it; the others of its batch are done', async () => {
  const fixtures = await setupConsumer();
  const { sqs, rowQueueUrl } = fixtures;
  const { id: uploadId } = await startedUpload(fixtures);
  const unreadable = [
    'not JSON',
    '[]',
    JSON.stringify({ v: 2, type: 'rows', uploadId, segment: 0, rows: [row({ line: 9 })] }),
    JSON.stringify({ v: 1, type: 'unheard of' }),
    JSON.stringify({ v: 1, type: 'rows', uploadId: 'not an id', segment: 0, rows: [row({ line: 9 })] }),
    JSON.stringify({ v: 1, type: 'rows', uploadId, segment: 0, rows: [] }),
  ];

  const { failed, messages } = await fixtures.land(
    rows(uploadId, row({ line: 2 })),
    ...unreadable,
    rows(uploadId, row({ line: 3 })),
  );

  const unread = messages.slice(1, -1).map(({ MessageId }) => MessageId);
  expect(failed.toSorted()).toEqual(unread.toSorted());
  expect((await ledgerOf(fixtures)).map(({ line }) => line)).toEqual([2, 3]);
  await expect.poll(async () => (await takeAll(sqs, rowQueueUrl)).length, { timeout: 10 * SECOND }).toBeGreaterThan(0);
});

test('a value that Postgres refuses though the rules let it pass is rejected alone; its neighbours and its own batch land', async () => {
  const fixtures = await setupConsumer();
  await fixtures.database.raw("alter table employees add constraint no_evil check (company_name not like 'Evil%')");
  const { id: uploadId } = await startedUpload(fixtures);
  const evil = new Set([3, 17, 18, 40]);
  const list = Array.from({ length: 40 }, (_, index) => {
    const line = index + 2;
    return row({ line, ...(evil.has(line) && { company_name: 'Evil Corp' }) });
  });
  const bodies = Array.from({ length: 10 }, (_, index) => {
    const [first, ...others] = list.slice(index * 4, index * 4 + 4);
    if (first === undefined) throw new Error('no row');
    return rows(uploadId, first, ...others);
  });

  const { failed } = await fixtures.land(...bodies);

  expect(failed).toEqual([]);
  const ledger = await ledgerOf(fixtures);
  expect(ledger.map(({ line }) => line)).toEqual(list.map(({ line }) => line));
  for (const { line, outcome, raw, errors } of ledger) {
    if (!evil.has(line)) expect(outcome).toBe('inserted');
    else {
      expect({ outcome, raw, errors }).toMatchObject({
        outcome: 'rejected',
        raw: { company_name: 'Evil Corp', email: `line${line}@x.org` },
        errors: [{ code: 'database_refused', column: null, message: expect.stringContaining('23514') }],
      });
    }
  }
  expect(await emailsOf(fixtures)).toHaveLength(list.length - evil.size);
});

/** Makes Postgres refuse employees for a reason that is not their values, and counts the statements that write rows. */
async function refuseEmployees({ database }: Fixtures, condition: string): Promise<{ writes(): number }> {
  await database.raw(`
    create function refuse() returns trigger language plpgsql as $$
    begin raise exception using errcode = '42501', message = 'no right to write'; end $$;
    create trigger refuse before insert or update on employees
      for each row when (${condition}) execute function refuse()`);
  let writes = 0;
  database.on('query', ({ sql }: { sql: string }) => {
    if (/insert into upload_rows/.test(sql)) writes++;
  });
  return { writes: () => writes };
}

/** Messages of 20 rows each, from line 2 on. */
function bodiesOf(uploadId: string, messages: number): string[] {
  return Array.from({ length: messages }, (_, index) => {
    const [first, ...others] = Array.from({ length: 20 }, (_, n) => row({ line: 2 + index * 20 + n }));
    if (first === undefined) throw new Error('no row');
    return rows(uploadId, first, ...others);
  });
}

test('a refusal that concerns every row is found out with a few statements, not with two a row; bad rows are rejected all the same', async () => {
  const fixtures = await setupConsumer();
  const { writes } = await refuseEmployees(fixtures, 'true');
  const { id: uploadId } = await startedUpload(fixtures);

  const { failed } = await fixtures.land(...bodiesOf(uploadId, 9), rows(uploadId, row({ line: 200, email: 'bad' })));

  expect(failed).toHaveLength(9);
  // The batch, eight rows alone, the bad row.
  expect(writes()).toBe(10);
  expect(await ledgerOf(fixtures)).toMatchObject([{ line: 200, outcome: 'rejected' }]);
});

test.for([
  ['one row', '= 77'],
  ['a tenth of the rows, side by side', 'between 100 and 119'],
  ['rows all over', '% 4 = 0'],
  ['all but a quarter', 'not between 60 and 109'],
])('%s that Postgres refuses for no fault of a value hold up no other row', async ([, lines]) => {
  const fixtures = await setupConsumer();
  const isRefused = `substring(new.email from '[0-9]+')::integer ${lines}`;
  await refuseEmployees(fixtures, isRefused);

  await fixtures.land(...bodiesOf((await startedUpload(fixtures)).id, 10));

  const { rows: expected } = await fixtures.database.raw(
    `select line from generate_series(2, 201) as line where not (line ${lines}) order by line`,
  );
  expect((await ledgerOf(fixtures)).map(({ line, outcome }) => ({ line, outcome }))).toEqual(
    expected.map(({ line }: { line: number }) => ({ line, outcome: 'inserted' })),
  );
});

test('no row dies without an attempt alone: at the last attempt the one that Postgres takes is written', async () => {
  const fixtures = await setupConsumer();
  const { sqs, rowQueueUrl, database, log } = fixtures;
  await refuseEmployees(fixtures, "new.email <> 'line30@x.org'");
  const handler = createRowHandler({ database, sqs, rowQueueUrl, logger: log.logger });
  const messages = await deliver(sqs, rowQueueUrl, bodiesOf((await startedUpload(fixtures)).id, 3));
  const receivedFor = (time: number) =>
    sqsEvent(messages.map((message) => ({ ...message, Attributes: { ApproximateReceiveCount: String(time) } })));

  for (const time of [1, 4]) {
    expect((await handler(receivedFor(time))).batchItemFailures).toHaveLength(3);
    expect(await ledgerOf(fixtures)).toEqual([]);
  }
  expect((await handler(receivedFor(5))).batchItemFailures).toHaveLength(3);

  expect(await ledgerOf(fixtures)).toMatchObject([{ line: 30, outcome: 'inserted' }]);
});

test('why rows failed is saved at the last attempt of their message, and cleared if it succeeds after all', async () => {
  const fixtures = await setupConsumer();
  const { sqs, rowQueueUrl, database, log } = fixtures;
  await refuseEmployees(fixtures, 'true');
  const handler = createRowHandler({ database, sqs, rowQueueUrl, logger: log.logger });
  const { id: uploadId } = await startedUpload(fixtures);
  const messages = await deliver(sqs, rowQueueUrl, [rows(uploadId, row({ line: 2 })), 'not JSON']);
  const receivedFor = (time: number) =>
    sqsEvent(messages.map((message) => ({ ...message, Attributes: { ApproximateReceiveCount: String(time) } })));
  const reasons = async () =>
    (await database.raw<{ rows: unknown[] }>('select message_id, reason from delivery_failures')).rows;

  for (const time of [1, 4]) {
    expect((await handler(receivedFor(time))).batchItemFailures).toHaveLength(2);
    expect(await reasons()).toEqual([]);
  }
  expect((await handler(receivedFor(5))).batchItemFailures).toHaveLength(2);
  // The message that nobody can read is kept with its own reason when it is dead.
  expect(await reasons()).toEqual([{ message_id: messages[0]?.MessageId, reason: '42501 no right to write' }]);

  await database.raw('drop trigger refuse on employees');
  expect((await handler(receivedFor(6))).batchItemFailures).toHaveLength(1);

  expect(await reasons()).toEqual([]);
});

test('a fault of the schema rejects no row: all come again, and are written when it is fixed', async () => {
  const fixtures = await setupConsumer();
  const { id: uploadId } = await startedUpload(fixtures);
  const bodies = [rows(uploadId, row({ line: 2 })), rows(uploadId, row({ line: 3, email: 'bad' }))];
  await fixtures.database.raw('alter table employees rename to elsewhere');

  const { failed, messages } = await fixtures.land(...bodies);

  expect(failed.toSorted()).toEqual(messages.map(({ MessageId }) => MessageId).toSorted());
  expect(await ledgerOf(fixtures)).toEqual([]);
  await fixtures.database.raw('alter table elsewhere rename to employees');
  expect((await fixtures.land(...bodies)).failed).toEqual([]);
  expect((await ledgerOf(fixtures)).map(({ outcome }) => outcome)).toEqual(['inserted', 'rejected']);
});

test('while Postgres is unavailable every message comes again, after a backoff and not after the queue’s own time', async () => {
  const fixtures = await setup();
  const { sqs, rowQueueUrl, log } = fixtures;
  const proxy = await setupProxy(fixtures.databaseUrl);
  const handler = createRowHandler({ database: connectTo(proxy.url), sqs, rowQueueUrl, logger: log.logger });
  const file = upload();
  await proxy.shut();

  const { failed, messages } = await landThrough(handler, fixtures, [
    started(file),
    rows(file.id, row({ line: 2 })),
    finished(file.id, 1),
  ]);

  expect(failed.toSorted()).toEqual(messages.map(({ MessageId }) => MessageId).toSorted());
  // Without the backoff they would be hidden for the queue's 30 seconds; at the first attempt it is 2 at most.
  const again: Message[] = [];
  await expect
    .poll(async () => again.push(...(await receive(sqs, rowQueueUrl))), { timeout: 10 * SECOND })
    .toBe(messages.length);

  await proxy.open();
  expect(idsOf(await handler(sqsEvent(again)))).toEqual([]);
  expect(await findUpload(fixtures.database, file.id)).toMatchObject({ status: 'completed', inserted: 1 });
  expect((await ledgerOf(fixtures))[0]).toMatchObject({ attempts: 2 });
});

test('while Postgres is unavailable, messages wait for minutes where nobody pauses their queue; unreadable ones do not', async () => {
  const { sqs, rowQueueUrl, log, databaseUrl } = await setup();
  const proxy = await setupProxy(databaseUrl);
  await proxy.shut();
  const database = connectTo(proxy.url);
  const handler = createRowHandler({ database, sqs, rowQueueUrl, logger: log.logger, unavailableBaseSeconds: 120 });
  const messages = await deliver(sqs, rowQueueUrl, [rows(newUploadId(), row({ line: 2 })), 'not ours']);
  vi.spyOn(Math, 'random').mockReturnValue(1);
  onTestFinished(() => void vi.restoreAllMocks());
  const waits: unknown[] = [];
  sqs.middlewareStack.add(
    (next) => (request) => {
      if ('Entries' in request.input) waits.push(...(request.input.Entries ?? []).map(hiddenFor));
      return next(request);
    },
    { step: 'initialize' },
  );

  await handler(sqsEvent(messages));

  expect(waits).toEqual([120, 2]);
});

function hiddenFor(entry: object): unknown {
  return 'VisibilityTimeout' in entry ? entry.VisibilityTimeout : undefined;
}

test('nothing of a row gets into the log, whatever becomes of it', async () => {
  const fixtures = await setupConsumer();
  await fixtures.database.raw("alter table employees add constraint no_evil check (company_name <> 'Secretive')");
  const { id: uploadId } = await startedUpload(fixtures);
  const secret = { employee_name: 'Zaphod Beeblebrox', mobile_no: '+4242424242', email: 'zaphod@heart-of-gold.org' };

  await fixtures.land(
    rows(uploadId, row({ line: 2, ...secret })),
    rows(uploadId, row({ line: 3, ...secret, mobile_no: 'Zaphod' })),
    rows(uploadId, row({ line: 4, ...secret, company_name: 'Secretive' })),
    `{"v":1,"type":"rows","rows":[{"email":"zaphod@heart-of-gold.org"}]}`,
    `Zaphod Beeblebrox`,
  );
  await fixtures.database.raw('alter table employees drop column company_name cascade');
  await fixtures.land(rows(uploadId, row({ line: 5, ...secret })));

  expect(fixtures.log.entries.length).toBeGreaterThan(1);
  expect(fixtures.log.text()).not.toMatch(/zaphod|beeblebrox|4242424242/i);
});

test('when many rows are written, the search index is brought up to date with them; when it cannot be, they land all the same', async () => {
  const consumer = await setupConsumer();
  const { database, land, log } = consumer;
  const { id: uploadId } = await startedUpload(consumer);
  // A few less than a range of the index takes.
  await database.raw(
    `insert into employees (employee_name, company_name, email, received_at, upload_id, line)
     select 'Person', 'Acme', n || '@x.org', now(), '019a0000-0000-7000-8000-000000000001', n
     from generate_series(1, 70000) n`,
  );
  const bodies = Array.from({ length: 10 }, (_, message) => {
    const lines = Array.from({ length: 449 }, (_, index) => row({ line: 450 * message + index + 3 }));
    return rows(uploadId, row({ line: 450 * message + 2 }), ...lines);
  });
  const landTimes = async (times: number) => {
    for (let time = 0; time < times; time++) expect(await land(...bodies)).toMatchObject({ failed: [] });
  };

  await landTimes(2);
  const { rows: ranges } = await database.raw('select employees from employee_search_ranges');
  expect(ranges).toEqual([{ employees: 65_536 }]);

  await database.raw('alter table employee_search_ranges rename to elsewhere');
  await landTimes(2);
  expect(log.entries.map(({ msg }) => msg)).toContainEqual(expect.stringContaining('search index maintenance failed'));
});
