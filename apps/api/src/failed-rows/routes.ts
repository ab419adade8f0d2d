import {
  type Database,
  type FailedRowFilter,
  type FailedRowRecord,
  findUpload,
  listFailedRows,
} from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import { type Route, serve } from '../contract/serve.ts';
import { offsetOf, type Page, sendPage } from '../http/pagination.ts';
import { ApiProblem } from '../problems/catalogue.ts';
import { listFailedRowsContract, listFailedRowsOfUploadContract, redriveContract } from './contracts.ts';
import { type RedriveQueues, redrive } from './redrive.ts';

export type FailedRowSettings = RedriveQueues & { database: Database; logger: Logger };

export function failedRowRoutes({ database, logger, ...queues }: FailedRowSettings): Route[] {
  return [
    serve(listFailedRowsContract, async ({ query: { uploadId, outcome, ...page } }, request, response) => {
      const { data, total } = await pageOfRows({ uploadId, outcome }, page);
      sendPage(request, response, page, { data, total });
      return undefined;
    }),

    serve(listFailedRowsOfUploadContract, async ({ path: { id }, query: { outcome, ...page } }, request, response) => {
      if ((await findUpload(database, id)) === undefined) throw noUpload(id);
      const { data, total } = await pageOfRows({ uploadId: id, outcome }, page);
      sendPage(request, response, page, { data, total });
      return undefined;
    }),

    serve(redriveContract, async ({ path: { id } }) => {
      const redriven = await redrive(database, queues, id);
      if (redriven === undefined) throw noUpload(id);
      if (redriven.rows === 0 && !redriven.file) {
        const detail =
          'No row of the upload is dead and its file was read. Mend rejected rows in the file and upload it again.';
        throw new ApiProblem('nothing_to_redrive', detail);
      }
      logger.info({ uploadId: id, ...redriven }, 'an upload was redriven');
      return { status: 202, headers: { Location: `/v1/uploads/${id}` }, body: { uploadId: id, ...redriven } };
    }),
  ];

  async function pageOfRows(filter: FailedRowFilter, page: Page) {
    const { rows, total } = await listFailedRows(database, filter, { limit: page.limit, offset: offsetOf(page) });
    return { data: rows.map(toFailedRowResource), total };
  }
}

function noUpload(id: string): ApiProblem {
  return new ApiProblem('upload_not_found', `There is no upload ${id}.`);
}

function toFailedRowResource({ upload_id, line, outcome, attempts, raw, errors, recorded_at }: FailedRowRecord) {
  return { uploadId: upload_id, line, outcome, attempts, raw, errors, recordedAt: recorded_at.toISOString() };
}
