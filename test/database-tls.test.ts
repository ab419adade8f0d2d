import { connect, explainRefusal, type MakePassword, migrate } from '@rowferry/database';
import { readEnvironment } from '@rowferry/runtime';
import { setup } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { queueEvent } from './support/aws-events.ts';
import { bundledFunctions } from './support/bundled-functions.ts';
import { deliverRow } from './support/deliver-row.ts';
import { startContainer } from './support/lambda-container.ts';
import { environmentOf } from './support/plain-process.ts';
import { CA_FILE, OTHER_CA_FILE, setupTlsPostgres, type TlsPostgres } from './support/tls-postgres.ts';

const directoryOf = bundledFunctions('consumer');

type Variables = Record<string, string>;

function variablesOf({ port, database }: TlsPostgres): Variables {
  return {
    DATABASE_HOST: 'localhost',
    DATABASE_PORT: String(port),
    DATABASE_NAME: database,
    DATABASE_USER: 'clerk',
    DATABASE_CA_FILE: CA_FILE,
  };
}

/** A pool as the environment names it, and what it says of its own connection. */
function setupPool(variables: Variables, password?: MakePassword) {
  const { DATABASE_URL: url } = readEnvironment(['DATABASE_URL'], [], variables);
  const database = connect({ url, password, poolMax: 1, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  const askTls = async () =>
    (
      await database.raw(
        'select ssl, usename from pg_stat_ssl join pg_stat_activity using (pid) where pid = pg_backend_pid()',
      )
    ).rows;
  const refusal = () =>
    database.raw('select 1').then(
      () => 'connected',
      (error: unknown) => explainRefusal(error, url),
    );
  return { askTls, refusal };
}

test('a server in parts is entered by TLS, with the password of the environment or one that is made', async () => {
  const server = await setupTlsPostgres();
  await server.admin.raw(`create role clerk login password 'first'`);

  expect(await setupPool({ ...variablesOf(server), DATABASE_PASSWORD: 'first' }).askTls()).toEqual([
    { ssl: true, usename: 'clerk' },
  ]);
  expect(await setupPool(variablesOf(server), async () => 'first').askTls()).toEqual([{ ssl: true, usename: 'clerk' }]);
});

test('a server that is not the one of the CA and of the host name is refused, before it sees a password', async () => {
  const server = await setupTlsPostgres();
  await server.admin.raw(`create role clerk login password 'first'`);
  let asked = 0;
  const password = async () => {
    asked++;
    return 'first';
  };

  for (const wrong of [{ DATABASE_CA_FILE: OTHER_CA_FILE }, { DATABASE_HOST: '127.0.0.1' }, { DATABASE_CA_FILE: '' }])
    expect(await setupPool({ ...variablesOf(server), ...wrong }, password).refusal()).toMatch(
      /certificate that is not trusted/,
    );

  expect(asked).toBe(0);
});

test('every new connection has a password of its own: a token is good for minutes only', async () => {
  const server = await setupTlsPostgres();
  await server.admin.raw(`create role clerk login password 'token 1'`);
  let made = 0;
  const { askTls } = setupPool(variablesOf(server), async () => `token ${++made}`);
  await askTls();

  await server.admin.raw(`alter role clerk password 'token 2'`);
  await server.admin.raw(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'clerk'`);

  await expect.poll(() => askTls().catch((error: unknown) => String(error))).toEqual([{ ssl: true, usename: 'clerk' }]);
  expect(made).toBe(2);
});

test('a deployed consumer writes to a database that proves who it is, and leaves the messages of another in their queue', async () => {
  const [fixtures, server] = await Promise.all([setup(), setupTlsPostgres()]);
  const database = server.admin;
  await migrate(database);
  await database.raw(`create role clerk login superuser password 'secret'`);
  const messages = await deliverRow({ ...fixtures, database });
  const handle = async (DATABASE_CA_FILE: string) => {
    const variables = { ...variablesOf(server), DATABASE_URL: '', DATABASE_PASSWORD: 'secret', DATABASE_CA_FILE };
    const consumer = await startContainer(directoryOf('consumer'), { ...environmentOf(fixtures), ...variables });
    const answer = await consumer.invoke('handler', queueEvent(messages));
    const { rows } = await database.raw('select email from employees');
    return { answer, rows };
  };

  expect(await handle(OTHER_CA_FILE)).toEqual({
    answer: { batchItemFailures: messages.map(({ MessageId }) => ({ itemIdentifier: MessageId })) },
    rows: [],
  });
  expect(await handle(CA_FILE)).toEqual({ answer: { batchItemFailures: [] }, rows: [{ email: 'ada@x.org' }] });
});
