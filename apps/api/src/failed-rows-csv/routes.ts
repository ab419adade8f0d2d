import type { S3Client } from '@aws-sdk/client-s3';
import { type Database, FAILED_OUTCOMES, findUploadFile, readFailedRows } from '@rowferry/database';
import { type Route, serve } from '../contract/serve.ts';
import { sendCsv } from '../http/send-csv.ts';
import { Slots } from '../http/slots.ts';
import { ApiProblem } from '../problems/catalogue.ts';
import { downloadFailedRows } from './contract.ts';
import { CorrectionCsv } from './correction-csv.ts';
import { type OriginalFile, openOriginal } from './original-file.ts';

export type FailedRowsCsvSettings = { database: Database; s3: S3Client };

/** Each reads a whole file, holding up to a segment of it and its records: some 30 MiB. */
const DOWNLOADS_AT_ONCE = 4;

/** Longest that reading a file once may take, in milliseconds: the largest by default, 1 GiB, takes under a minute. */
const READING_BOUND = 10 * 60_000;

export function failedRowsCsvRoutes({ database, s3 }: FailedRowsCsvSettings): Route[] {
  const slots = new Slots(DOWNLOADS_AT_ONCE, 'downloads of failed rows');

  return [
    serve(downloadFailedRows, async ({ path: { id }, query: { outcome } }, request, response) => {
      const file = await findUploadFile(database, id);
      if (file === undefined) throw new ApiProblem('upload_not_found', `There is no upload ${id}.`);
      // While the file is read nothing moves on the connection, which would be taken for a client that is gone.
      response.setTimeout(READING_BOUND);
      await slots.run(async () => {
        // Of the answer to HEAD nothing is sent but its head.
        const lines = request.method === 'HEAD' ? nothing() : linesOf(id, outcome, await openOriginal(s3, file));
        await sendCsv(response, nameFor(file.fileName), lines);
      });
      return undefined;
    }),
  ];

  async function* linesOf(
    uploadId: string,
    outcome: (typeof FAILED_OUTCOMES)[number] | 'all',
    original: OriginalFile,
  ): AsyncGenerator<string> {
    const sheet = new CorrectionCsv(original);
    yield sheet.header();
    for await (const row of readFailedRows(database, uploadId, outcome === 'all' ? FAILED_OUTCOMES : [outcome])) {
      yield sheet.row(row, await original.find(row.line));
    }
  }
}

async function* nothing(): AsyncGenerator<string> {}

function nameFor(fileName: string): string {
  return `${fileName.replace(/\.[^.]*$/, '')}-failed-rows.csv`;
}
