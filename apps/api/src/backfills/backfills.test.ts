import { failBackfill, findBackfill, type StoredBackfill } from '@rowferry/database';
import { putObject } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { type ServedApi, serveApi } from '../../test/serve-api.ts';

const PATH = '/v1/backfills';

type Answer = { id: string; data: { id: string }[]; pagination: { total: number } };

function client({ url }: ServedApi) {
  return async (method: string, path: string, body?: unknown) => {
    const init =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(url + path, { method, ...init });
    const answer = (await response.json()) as Answer;
    return { status: response.status, headers: response.headers, body: answer };
  };
}

async function setupFolder(changes: Parameters<typeof serveApi>[0] = () => ({})) {
  const api = await serveApi(changes);
  const { s3, bucket } = api;
  const put = (key: string) => putObject(s3, { bucket, key, content: 'x' });
  for (const name of ['a', 'b']) await put(`incoming/${name}.csv`);
  return { ...api, put, ask: client(api) };
}

test('a backfill begins, is answered again while it runs, and is shown and listed', async () => {
  const { ask, database } = await setupFolder();
  await ask('PUT', '/v1/import-profiles/payroll', { settings: {}, header: ['name', 'company', 'email'] });
  const wanted = { prefix: 'incoming/', profile: 'payroll' };

  const created = await ask('POST', PATH, wanted);
  const again = await ask('POST', PATH, { ...wanted, concurrency: 9 });

  const { id } = created.body;
  expect(created).toMatchObject({
    status: 202,
    body: {
      ...wanted,
      concurrency: 4,
      status: 'running',
      listed: false,
      unchanged: 0,
      failure: null,
      finishedAt: null,
    },
  });
  expect(created.headers.get('location')).toBe(`${PATH}/${id}`);
  expect(again).toMatchObject({ status: 200, body: { id } });
  expect(await ask('GET', `${PATH}/${id}`)).toMatchObject({ status: 200, body: again.body });
  expect(await ask('GET', PATH)).toMatchObject({ body: { data: [{ id }], pagination: { total: 1 } } });
  // What the profile says now counts, whatever it will say.
  expect((await findBackfill(database, id))?.settings_id).toMatch(/^[0-9a-f]{64}$/);

  await failBackfill(database, id, { code: 'task_failed', detail: 'It broke.' });
  expect((await ask('GET', `${PATH}/${id}`)).body).toMatchObject({
    status: 'failed',
    failure: { code: 'task_failed' },
  });
  const next = await ask('POST', PATH, { prefix: 'incoming/' });
  expect(next.status).toBe(202);
  const { body } = await ask('GET', PATH);
  expect(body.data.map((one) => one.id)).toEqual([next.body.id, id]);
});

const REFUSED: [string, object, number, string][] = [
  ['a prefix without objects', { prefix: 'incoming/2027/' }, 422, 'empty_prefix'],
  ['one that has a folder marker alone', { prefix: 'marker/' }, 422, 'empty_prefix'],
  ['the prefix of the uploads', { prefix: 'uploads/' }, 422, 'prefix_not_allowed'],
  ['one that reaches it', { prefix: 'up' }, 422, 'prefix_not_allowed'],
  ['the prefix of profiles', { prefix: 'import-profiles/x' }, 422, 'prefix_not_allowed'],
  ['the whole bucket', { prefix: '' }, 400, 'invalid_body'],
  ['no prefix', {}, 400, 'invalid_body'],
  ['a prefix that no key has', { prefix: 'a\0' }, 400, 'invalid_body'],
  ['an unknown profile', { prefix: 'incoming/', profile: 'Pay/Roll' }, 422, 'unknown_profile'],
  ['a profile that is not there', { prefix: 'incoming/', profile: 'crm' }, 422, 'unknown_profile'],
  ['too much at once', { prefix: 'incoming/', concurrency: 41 }, 400, 'invalid_body'],
  ['nothing at once', { prefix: 'incoming/', concurrency: 0 }, 400, 'invalid_body'],
  ['a member that is misspelt', { prefix: 'incoming/', profil: 'x' }, 400, 'invalid_body'],
];

test('what cannot begin is refused with the reason, and nothing is entered', async () => {
  const { ask, put } = await setupFolder();
  await put('marker/');

  const answers = await Promise.all(REFUSED.map(([, wanted]) => ask('POST', PATH, wanted)));

  for (const [index, [what, , status, code]] of REFUSED.entries())
    expect(answers[index], what).toMatchObject({ status, body: { code } });
  expect((await ask('GET', PATH)).body.pagination.total).toBe(0);
});

test('below BACKFILL_PREFIX alone', async () => {
  const { ask, put } = await setupFolder(() => ({ backfillPrefix: 'incoming/a' }));
  await put('elsewhere/x.csv');
  for (const prefix of ['elsewhere/', 'incoming/'])
    expect(await ask('POST', PATH, { prefix })).toMatchObject({
      status: 422,
      body: { code: 'prefix_not_allowed', detail: 'The prefix must begin with "incoming/a".' },
    });
  expect((await ask('POST', PATH, { prefix: 'incoming/a' })).status).toBe(202);
});

test('on AWS, an execution is started for a new backfill, and again when nothing of it runs any more', async () => {
  const started: [string, number][] = [];
  const { ask, database } = await setupFolder(() => ({
    startExecution: async (backfillId, round) => {
      if (started.length === 2) throw new Error('Step Functions is unavailable');
      started.push([backfillId, round]);
    },
  }));

  const { body } = await ask('POST', PATH, { prefix: 'incoming/' });
  await ask('POST', PATH, { prefix: 'incoming/' });
  expect(started).toEqual([[body.id, 0]]);
  await database.raw(`update backfills set touched_at = now() - interval '31 minutes'`);
  await ask('POST', PATH, { prefix: 'incoming/' });
  expect(started[1]).toEqual([body.id, expect.any(Number)]);
  expect(started[1]?.[1]).toBeGreaterThan(1_000_000);

  expect(await ask('POST', PATH, { prefix: 'incoming/a' })).toMatchObject({
    status: 503,
    body: { code: 'unavailable' },
  });
  const { rows } = await database.raw<{ rows: StoredBackfill[] }>('select * from backfills where failure is not null');
  expect(rows).toMatchObject([{ prefix: 'incoming/a', failure: { code: 'not_started' } }]);
});
