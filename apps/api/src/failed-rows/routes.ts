import type { S3Client } from '@aws-sdk/client-s3';
import {
  type Database,
  type FailedRowFilter,
  findUpload,
  findUploadFile,
  listFailedRows,
  readFailedRows,
  readSupersededRows,
} from '@rowferry/database';
import { FAILED_OUTCOMES, type ListedOutcome } from '@rowferry/roster';
import { TimeSlice } from '@rowferry/runtime';
import { type Route, serve } from '../contract/serve.ts';
import { offsetOf, type Page, pageReply } from '../http/pagination.ts';
import { concurrencyLimit } from '../http/semaphore.ts';
import { sendCsv } from '../http/send-csv.ts';
import { ApiProblem } from '../problems/api-problem.ts';
import { requireUpload } from '../uploads/require-upload.ts';
import * as contract from './contract.ts';
import { CorrectionCsv } from './correction-csv.ts';
import { type OriginalFile, openOriginal } from './original-file.ts';
import { type RedriveQueues, redrive } from './redrive.ts';
import { toFailedRowResource } from './resource.ts';
import { asCsvRow } from './superseded-rows.ts';

export type FailedRowSettings = RedriveQueues & { database: Database; s3: S3Client };

/** Each reads a whole file, holding up to a segment of it and its records: some 30 MiB. */
const DOWNLOADS_AT_ONCE = 4;

/** Longest that reading a file once may take, in milliseconds: the largest by default, 1 GiB, takes under a minute. */
const READING_TIMEOUT_MS = 10 * 60_000;

export function failedRowRoutes({ database, s3, ...queues }: FailedRowSettings): Route[] {
  const limited = concurrencyLimit(DOWNLOADS_AT_ONCE, 'downloads of failed rows');

  return [
    serve(contract.listFailedRows, async ({ query: { uploadId, outcome, ...page } }, request) => {
      const { data, total } = await pageOfRows({ uploadId, outcome }, page);
      return pageReply(request, page, data, { total, totalRelation: 'eq' });
    }),

    serve(contract.listFailedRowsOfUpload, async ({ path: { id }, query: { outcome, ...page } }, request) => {
      await requireUpload(id, findUpload(database, id));
      const { data, total } = await pageOfRows({ uploadId: id, outcome }, page);
      return pageReply(request, page, data, { total, totalRelation: 'eq' });
    }),

    serve(contract.downloadFailedRows, async ({ path: { id }, query: { outcome } }, request, response) => {
      const file = await requireUpload(id, findUploadFile(database, id));
      // While the file is read nothing moves on the connection, which would be taken for a client that is gone.
      response.setTimeout(READING_TIMEOUT_MS);
      await limited(async () => {
        // Of the answer to HEAD nothing is sent but its head.
        const lines = request.method === 'HEAD' ? nothing() : linesOf(id, outcome, await openOriginal(s3, file));
        await sendCsv(response, nameFor(file.fileName, outcome), lines);
      });
      return undefined;
    }),

    serve(contract.redriveUpload, async ({ path: { id } }, request) => {
      const redriven = await requireUpload(id, redrive(database, queues, id));
      if (redriven.rows === 0 && !redriven.file) {
        const detail =
          'No row of the upload is dead and its file was read. Correct rejected rows in the file and upload it again.';
        throw new ApiProblem('nothing_to_redrive', detail);
      }
      request.log.info({ uploadId: id, ...redriven }, 'upload redriven');
      return { status: 202, headers: { Location: `/v1/uploads/${id}` }, body: { uploadId: id, ...redriven } };
    }),
  ];

  async function pageOfRows(filter: FailedRowFilter, page: Page) {
    const { rows, total } = await listFailedRows(database, filter, { limit: page.limit, offset: offsetOf(page) });
    return { data: rows.map(toFailedRowResource), total };
  }

  async function* linesOf(uploadId: string, outcome: DownloadOutcome, original: OriginalFile): AsyncGenerator<string> {
    const csv = new CorrectionCsv(original);
    const slice = new TimeSlice();
    yield csv.header();
    for await (const row of rowsOf(uploadId, outcome)) {
      yield csv.row(row, await original.find(row.line));
      if (slice.isOver) await slice.next();
    }
  }

  async function* rowsOf(uploadId: string, outcome: DownloadOutcome) {
    if (outcome !== 'superseded')
      yield* readFailedRows(database, uploadId, outcome === 'all' ? FAILED_OUTCOMES : [outcome]);
    else for await (const row of readSupersededRows(database, uploadId)) yield asCsvRow(uploadId, row);
  }
}

type DownloadOutcome = ListedOutcome | 'all';

async function* nothing(): AsyncGenerator<string> {}

function nameFor(fileName: string, outcome: DownloadOutcome): string {
  const kind = outcome === 'superseded' ? 'superseded' : 'failed';
  return `${fileName.replace(/\.[^.]*$/, '')}-${kind}-rows.csv`;
}
