import { setup } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { apiSettings } from '../test/api-settings.ts';
import { apiRoutes } from './app.ts';
import { apiDocument } from './contracts.ts';
import { Metrics } from './operations/metrics.ts';

test('every route that is served is in the document, and none beside', async () => {
  const settings = apiSettings(await setup());
  const served = apiRoutes(settings, new Metrics(settings), async () => undefined).map(
    ({ contract }) => `${contract.method} ${contract.path}`,
  );

  const documented = Object.entries(apiDocument().paths ?? {}).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method} ${path}`),
  );

  expect(documented.toSorted()).toEqual(served.toSorted());
});
