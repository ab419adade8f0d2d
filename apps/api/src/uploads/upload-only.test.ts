import { csvOf } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { makeKey } from '../../test/make-key.ts';
import { fileForm, type ServedApi, serveApi } from '../../test/serve-api.ts';
import type { UploadResource } from './schema.ts';

const CSV = csvOf([
  ['employee_name', 'company_name', 'mobile_no', 'email'],
  ['Jane', 'Acme', '0123456789', 'jane@x.org'],
]);

/** Sends a request with a key of these scopes. */
async function clientOf(api: ServedApi, ...scopes: ('read' | 'upload')[]) {
  const { key } = await makeKey(api, ...scopes);
  const authorization = `Bearer ${key}`;
  return {
    async send(): Promise<UploadResource> {
      const path = `${api.url}/v1/employee-data-upload`;
      const response = await fetch(path, { method: 'POST', body: fileForm(CSV), headers: { authorization } });
      return (await response.json()) as UploadResource;
    },
    complete: async (id: string) => {
      const response = await fetch(`${api.url}/v1/uploads/${id}/complete`, {
        method: 'POST',
        body: JSON.stringify({ parts: [] }),
        headers: { authorization, 'content-type': 'application/json' },
      });
      return { status: response.status, body: (await response.json()) as UploadResource };
    },
    show: async (id: string) => (await fetch(`${api.url}/v1/uploads/${id}`, { headers: { authorization } })).status,
  };
}

test('a key that may only send files learns of no upload but its id and status', async () => {
  const api = await serveApi();
  const other = await clientOf(api, 'read', 'upload');
  const uploadOnly = await clientOf(api, 'upload');
  const first = await other.send();

  const own = await uploadOnly.send();
  expect(own).toMatchObject({ status: 'received', fileName: 'staff.csv', duplicateOf: null });
  expect(await other.send()).toMatchObject({ duplicateOf: own.id });

  // An upload that was received already is answered as it is.
  const { status, body } = await uploadOnly.complete(first.id);
  expect({ status, id: body.id, state: body.status }).toEqual({ status: 202, id: first.id, state: 'received' });
  expect({ ...body, id: own.id }).toEqual({ ...own, fileName: '', sizeBytes: null, receivedAt: null });
  expect(await uploadOnly.show(first.id)).toBe(403);
  expect((await other.complete(first.id)).body).toMatchObject({ fileName: 'staff.csv', sizeBytes: CSV.length });
});
