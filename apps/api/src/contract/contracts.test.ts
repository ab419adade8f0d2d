import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serveApi } from '../../test/serve-api.ts';
import type { OpenApiDocument } from './document.ts';

const SRC = join(import.meta.dirname, '..');

/** What each contract.ts exports that is the contract of a route, as `name operationId`. */
async function exportedContracts(): Promise<string[]> {
  const modules = await Promise.all(
    globSync('**/contract.ts', { cwd: SRC }).map((file): Promise<Record<string, unknown>> => import(join(SRC, file))),
  );
  return modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null && 'operationId' in value ? [`${name} ${value.operationId}`] : [],
    ),
  );
}

test('each contract has the name of its operation, is in a contract.ts and is served', async () => {
  const { url } = await serveApi();
  const { paths = {} } = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApiDocument;
  const operations = Object.values(paths).flatMap(({ get, post, put, delete: remove }) =>
    [get, post, put, remove].flatMap((operation) => (operation === undefined ? [] : [`${operation.operationId}`])),
  );

  expect(operations.length).toBeGreaterThan(15);
  expect((await exportedContracts()).toSorted()).toEqual(operations.map((name) => `${name} ${name}`).toSorted());
});
