import { type Database, findUpload, listUploads } from '@rowferry/database';
import { type Route, serve } from '../contract/serve.ts';
import { offsetOf, pageReply } from '../http/pagination.ts';
import * as contract from './contract.ts';
import { requireUpload } from './require-upload.ts';
import { toUploadResource } from './resource.ts';

export function uploadRoutes(database: Database): Route[] {
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

    serve(contract.showUpload, async ({ path: { id } }) => {
      return { status: 200, body: toUploadResource(await requireUpload(id, findUpload(database, id))) };
    }),
  ];
}
