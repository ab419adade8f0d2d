import { FAILED_OUTCOMES } from '@rowferry/database';
import { z } from 'zod';
import { csvAnswer } from '../contract/csv-answer.ts';
import { defineRoute } from '../contract/route.ts';
import { idParameters } from '../http/parameters.ts';

const OUTCOMES = [...FAILED_OUTCOMES, 'all'] as const;

export const downloadFailedRows = defineRoute({
  method: 'get',
  path: '/v1/uploads/{id}/failed-rows.csv',
  operationId: 'downloadFailedRows',
  tag: 'Failed rows',
  summary: 'Download the rows of an upload that did not land, to be mended',
  description:
    'A CSV file with the columns of the uploaded file as they are there, then `line`, `error_code` and `error`. Mend it and ' +
    'upload it again: the columns that were added are ignored. Cells that a spreadsheet would run as a formula begin with ' +
    'an apostrophe, which is taken off again. Dead rows have nothing to be mended: redrive them, or ask for them here.',
  scope: 'read',
  parameters: {
    path: idParameters,
    query: z.object({
      outcome: z
        .enum(OUTCOMES, { error: `must be one of ${OUTCOMES.join(', ')}` })
        .default('rejected')
        .describe('Which rows: `rejected`, `dead` or `all`.'),
    }),
  },
  answers: { 200: csvAnswer('The failed rows, in order of line.') },
  problems: ['upload_not_found', 'busy'],
});
