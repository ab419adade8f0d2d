import type { S3Client } from '@aws-sdk/client-s3';
import { type Database, findUpload, findUploadFile, listUploads } from '@rowferry/database';
import { type Route, serve } from '../contract/serve.ts';
import { offsetOf, pageReply } from '../http/pagination.ts';
import * as contract from './contract.ts';
import { requireUpload } from './require-upload.ts';
import { toUploadResource } from './resource.ts';
import { settingsOfUpload } from './upload-settings.ts';

export function uploadRoutes({ database, s3 }: { database: Database; s3: S3Client }): Route[] {
  return [
    serve(contract.listUploads, async ({ query: { status, ...page } }, request) => {
      const offset = offsetOf(page);
      const { uploads, ...total } = await listUploads(database, { limit: page.limit, offset, status });
      const isLast = total.totalRelation === 'eq' && offset + uploads.length >= total.total;
      return pageReply(
        request,
        page,
        uploads.map((upload) => toUploadResource(upload)),
        total,
        uploads.length > 0 && !isLast,
      );
    }),

    serve(contract.showUploadSettings, async ({ path: { id } }) => {
      const file = await requireUpload(id, findUploadFile(database, id));
      const known = await settingsOfUpload(s3, file);
      if (known === undefined) return { status: 200, body: { profile: null, settings: null } };
      const { expectedHeader, ...settings } = known;
      return { status: 200, body: { profile: expectedHeader?.profile ?? null, settings } };
    }),

    serve(contract.showUpload, async ({ path: { id } }) => {
      return { status: 200, body: toUploadResource(await requireUpload(id, findUpload(database, id))) };
    }),
  ];
}
