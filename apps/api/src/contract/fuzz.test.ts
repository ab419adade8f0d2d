import { randomUUID } from 'node:crypto';
import { addWebhook, listDeliveries, openUpload, planDeliveries, SCOPES } from '@rowferry/database';
import { newUploadId } from '@rowferry/messages';
import { putObject } from '@rowferry/testing';
import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { Conformance, type Parameter } from '../../test/conformance.ts';
import { hostileHeader, hostileJson, hostileText, hostileUrlPart } from '../../test/hostile.ts';
import { hostileForm } from '../../test/hostile-form.ts';
import { insertEmployees } from '../../test/insert-employees.ts';
import { makeKey } from '../../test/make-key.ts';
import { type RawRequest, rawClient } from '../../test/raw-client.ts';
import { arbitraryOf } from '../../test/schema-arbitrary.ts';
import { fileForm, type ServedApi, serveApi } from '../../test/serve-api.ts';
import type { OpenApiDocument } from './document.ts';

const SECOND = 1000;
/** Requests for each operation, so that a new one gets as many as the others. */
const REQUESTS_PER_OPERATION = 300;
const AT_ONCE = 10;

type Placed = Conformance['operations'][number];
type Components = Record<string, unknown>;

test('whatever is sent to any parameter or body of the document, the answer is a documented one and never a 500', {
  timeout: 240 * SECOND,
}, async () => {
  const api = await serveApi();
  const conformance = await conformanceOf(api);
  const ids = await someUploads(api);
  await insertEmployees(api.database, [{ email: 'jane@x.org' }]);
  const backfillId = await aBackfill(api);
  // One of the operations creates keys, so that nobody gets in without one.
  const key = await firstKey(api);
  const { id: keyId } = await makeKey(api);
  const delivery = await aDelivery(api);
  const client = rawClient(api.url);
  const send = (raw: RawRequest) => client({ ...raw, headers: { ...raw.headers, authorization: `Bearer ${key}` } });
  const statuses = new Map<string, Set<number>>();
  let requests = 0;

  for (const placed of conformance.operations) {
    const { operationId } = placed.operation;
    // What is deleted cannot be asked for by the operations that follow.
    const webhookId = operationId === 'deleteWebhook' ? randomUUID() : delivery.webhookId;
    const known = { ids, keyId, ...delivery, webhookId, backfillId };
    const requestArbitrary = requestTo(placed, known, conformance.document.components?.schemas ?? {});
    await fc.assert(
      fc.asyncProperty(fc.array(requestArbitrary, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (several) => {
        requests += several.length;
        for (const answer of await Promise.all(several.map(send))) {
          if (answer.status === 500)
            throw new Error(`${answer.method} ${answer.path} → 500\n${api.log.text().slice(-2000)}`);
          conformance.check(answer);
          statuses.set(operationId, (statuses.get(operationId) ?? new Set()).add(answer.status));
        }
      }),
      { numRuns: REQUESTS_PER_OPERATION / AT_ONCE },
    );
  }

  expect(requests).toBeGreaterThanOrEqual(5000);
  // What is sent is good often enough to get past the checks.
  const neverGood = [...statuses]
    .filter(([, seen]) => [...seen].every((status) => status >= 400))
    .map(([operationId]) => operationId);
  // No row is dead here.
  expect(neverGood).toEqual(['redriveUpload']);
  expect(statuses.get('redriveUpload')).toContain(409);
});

async function conformanceOf({ url }: ServedApi): Promise<Conformance> {
  const response = await fetch(`${url}/openapi.json`);
  return new Conformance((await response.json()) as OpenApiDocument);
}

/** A key for everything, made by the API itself, so that it holds at once. */
async function firstKey({ url }: ServedApi): Promise<string> {
  const created = await fetch(`${url}/v1/api-keys`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'everything', scopes: SCOPES }),
  });
  const { key } = (await created.json()) as { key: string };
  return key;
}

/** Ids of an upload that is there, one that is being received, one that waits for parts, and one that is not there. */
async function someUploads({ url, database, bucket }: ServedApi): Promise<string[]> {
  const sent = await fetch(`${url}/v1/employee-data-upload`, {
    method: 'POST',
    body: fileForm('name,company,email\n'),
  });
  const planned = await fetch(`${url}/v1/uploads`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"fileName":"f.csv","sizeBytes":9}',
  });
  for (const name of PROFILES) {
    await fetch(`${url}/v1/import-profiles/${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(FITTING_BODIES.storeProfile?.[0]),
    });
  }
  const receiving = newUploadId();
  await openUpload(database, { id: receiving, bucket, key: `uploads/${receiving}/f.csv`, fileName: 'f.csv' });
  const { id } = (await sent.json()) as { id: string };
  const { upload } = (await planned.json()) as { upload: { id: string } };
  return [id, receiving, upload.id, newUploadId()];
}

/** A webhook, and a delivery of it. */
async function aDelivery({ database }: ServedApi): Promise<{ webhookId: string; deliveryId: string }> {
  const now = new Date();
  const [webhookId, type] = [randomUUID(), 'upload.completed'];
  const url = 'https://hooks.example.com/';
  const webhook = { id: webhookId, url, host: 'hooks.example.com', types: [type], description: null, secret: 'x' };
  await addWebhook(database, webhook, { now, max: 1 });
  await planDeliveries(database, { id: randomUUID(), type, body: '{}' }, { now, expiresAt: now });
  const { deliveries } = await listDeliveries(database, webhookId, { limit: 1, offset: 0 });
  return { webhookId, deliveryId: deliveries[0]?.id ?? '' };
}

/** A backfill that is running, by no profile. */
async function aBackfill({ url, s3, bucket }: ServedApi): Promise<string> {
  await putObject(s3, { bucket, key: 'incoming/staff.csv', content: 'x' });
  const created = await fetch(`${url}/v1/backfills`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prefix: 'incoming/' }),
  });
  const { id } = (await created.json()) as { id: string };
  return id;
}

/** Requests to one operation: mostly with what the document allows, now and then with anything in one place or another. */
function requestTo({ method, path, operation }: Placed, known: Known, components: Components): Arbitrary<RawRequest> {
  const parameters = operation.parameters ?? [];
  const of = (place: Parameter['in']) => parameters.filter((parameter) => parameter.in === place);
  return fc
    .record({
      path: pathOf(path, of('path'), known, components),
      query: queryOf(of('query'), components),
      headers: headersOf(of('header'), components),
      body: bodyOf(operation, components),
      method: method === 'get' ? fc.constantFrom('GET', 'GET', 'GET', 'HEAD') : fc.constant(method.toUpperCase()),
    })
    .map(({ body, query, headers, ...rest }) => ({
      method: rest.method,
      path: query === '' ? rest.path : `${rest.path}?${query}`,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': body.contentType }) },
      body: body?.body,
    }));
}

function pathOf(path: string, parameters: Parameter[], known: Known, components: Components): Arbitrary<string> {
  const values = parameters.map(({ name, schema }) =>
    fc.oneof(
      { weight: 6, arbitrary: knownValues(name, known) ?? pathPart(schema, components) },
      { weight: 1, arbitrary: pathPart(schema, components) },
      // An empty one would make another path of it.
      { weight: 1, arbitrary: hostileUrlPart.filter((part) => part !== '' && !/^[?#/]/.test(part)) },
    ),
  );
  return fc
    .tuple(...values)
    .map((chosen) =>
      parameters.reduce((text, { name }, index) => text.replace(`{${name}}`, () => chosen[index] ?? ''), path),
    );
}

/** An empty one would make another path of it. */
function pathPart(schema: object, components: Components): Arbitrary<string> {
  return arbitraryOf(schema, components)
    .map((value) => encodeURIComponent(String(value).toWellFormed()))
    .filter((part) => part !== '');
}

const PROFILES = ['payroll', 'crm'];

/** Ids of what is there. */
type Known = { ids: readonly string[] } & Record<'keyId' | 'webhookId' | 'deliveryId' | 'backfillId', string>;

/** Values of a parameter of which something is there. */
function knownValues(name: string, { ids, ...known }: Known): Arbitrary<string> | undefined {
  if (name === 'employeeId') return fc.constant('1');
  if (name === 'keyId' || name === 'webhookId' || name === 'deliveryId' || name === 'backfillId')
    return fc.constant(known[name]);
  if (name === 'id') return fc.constantFrom(...ids);
  return name === 'name' || name === 'profile' ? fc.constantFrom(...PROFILES) : undefined;
}

function queryOf(parameters: Parameter[], components: Components): Arbitrary<string> {
  const pairs = parameters.map(({ name, schema }) =>
    fc.oneof(
      // Of many, few at a time: each may spoil the others.
      { weight: Math.max(4, 3 * parameters.length), arbitrary: fc.constant('') },
      {
        weight: 4,
        arbitrary: arbitraryOf(schema, components).map(
          (value) => `${name}=${encodeURIComponent(String(value).toWellFormed())}`,
        ),
      },
      { weight: 1, arbitrary: hostileUrlPart.map((value) => `${name}=${value}`) },
      {
        weight: 1,
        arbitrary: fc.tuple(hostileUrlPart, hostileUrlPart).map(([one, two]) => `${name}=${one}&${name}=${two}`),
      },
    ),
  );
  const stray = fc.oneof({ weight: 8, arbitrary: fc.constant('') }, { weight: 1, arbitrary: hostileUrlPart });
  return fc.tuple(...pairs, stray).map((texts) => texts.filter((text) => text !== '').join('&'));
}

function headersOf(parameters: Parameter[], components: Components): Arbitrary<Record<string, string>> {
  const values = parameters.map(({ schema }) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      {
        weight: 2,
        arbitrary: arbitraryOf(schema, components).map((value) => String(value).replaceAll(/[^\x20-\x7e]/g, 'x')),
      },
      { weight: 1, arbitrary: hostileHeader },
    ),
  );
  return fc
    .tuple(...values)
    .map((chosen) =>
      Object.fromEntries(
        parameters.flatMap(({ name }, index) => (chosen[index] === undefined ? [] : [[name, chosen[index]]])),
      ),
    );
}

/**
 * Bodies that are good by more than their schema: the header of a profile must have what its settings state, a profile must be
 * there, and settings must not contradict themselves.
 */
const FITTING_BODIES: Readonly<Record<string, readonly unknown[]>> = {
  createWebhook: [{ url: 'https://hooks.example.com/x', types: ['rows.dead', 'upload.completed'] }],
  createBackfill: [{ prefix: 'incoming/' }, { prefix: 'incoming/', profile: 'payroll', concurrency: 40 }],
  createApiKey: [{ name: 'payroll', scopes: ['read', 'upload'] }],
  planUpload: [
    { fileName: 'f.csv', sizeBytes: 9 },
    { fileName: 'f.csv', sizeBytes: 9, profile: 'payroll' },
    { fileName: 'f.csv', sizeBytes: 9, settings: { columns: { email: 2 }, encoding: 'latin1', headerLine: 3 } },
  ],
  storeProfile: [
    { settings: {}, header: ['name', 'company', 'email'] },
    { settings: { columns: { email: 2 }, constants: { company_name: 'Acme' } }, header: ['name', 'mail to'] },
  ],
};

function bodyOf(
  { operationId, requestBody }: Placed['operation'],
  components: Components,
): Arbitrary<{ contentType: string; body: Buffer } | undefined> {
  if (requestBody === undefined) return fc.constant(undefined);
  const schema = requestBody.content['application/json']?.schema;
  if (schema === undefined) return hostileForm;
  const fitting = FITTING_BODIES[operationId] ?? [];
  const good = fc.oneof(arbitraryOf(schema, components), ...fitting.map((body) => fc.constant(body)));
  return fc.oneof(
    { weight: 4, arbitrary: good.map(asJson) },
    { weight: 3, arbitrary: spoiled(good).map(asJson) },
    { weight: 1, arbitrary: hostileJson.map(asJson) },
    { weight: 1, arbitrary: hostileText.map((text) => ({ contentType: 'application/json', body: Buffer.from(text) })) },
    {
      weight: 1,
      arbitrary: fc.tuple(good, hostileHeader).map(([value, contentType]) => ({ ...asJson(value), contentType })),
    },
  );
}

/** Good but for one member, which is left out, is something else, or is one too many. */
function spoiled(good: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc.tuple(good, hostileText, fc.option(hostileJson), fc.nat()).map(([value, name, member, choice]) => {
    const members = Object.entries(value ?? {});
    const chosen = choice % 2 === 0 ? name : (members[choice % members.length]?.[0] ?? name);
    return Object.fromEntries([
      ...members.filter(([each]) => each !== chosen),
      ...(member === null ? [] : [[chosen, member]]),
    ]);
  });
}

function asJson(value: unknown): { contentType: string; body: Buffer } {
  return { contentType: 'application/json', body: Buffer.from(JSON.stringify(value) ?? '') };
}
