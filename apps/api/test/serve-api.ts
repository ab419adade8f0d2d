import { type Fixtures, setup } from '@rowferry/testing';
import { onTestFinished } from 'vitest';
import { type ApiSettings, createApp } from '../src/app.ts';
import { listen } from '../src/http/listen.ts';
import { apiSettings } from './api-settings.ts';

export type ServedApi = Fixtures & { url: string };

/** The API as a server on a free port of loopback, until the end of the test, on fixtures of the test's own. */
export async function serveApi(
  changes: (fixtures: Fixtures) => Partial<ApiSettings> | Promise<Partial<ApiSettings>> = () => ({}),
): Promise<ServedApi> {
  const fixtures = await setup();
  return { ...fixtures, url: await serve(apiSettings(fixtures, await changes(fixtures))) };
}

/** The URL of an API with these settings. */
export async function serve(settings: ApiSettings): Promise<string> {
  const server = await listen(createApp(settings), { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return server.url;
}

/** A multipart body with one file. */
export function fileForm(content: string, { field = 'employee_data', name = 'staff.csv' } = {}): FormData {
  const form = new FormData();
  form.set(field, new Blob([content], { type: 'text/csv' }), name);
  return form;
}
