import { z } from 'zod';
import { PAGE_LIMIT_MAX } from '../limits.ts';
import { FILE_LENGTH_MAX, wholeNumberField } from './fields.ts';
import type { Answer } from './route.ts';

export const paginationSchema = z
  .object({
    page: wholeNumberField,
    limit: wholeNumberField,
    total: wholeNumberField.describe('How many there are.'),
    totalRelation: z.enum(['eq', 'gte']).describe('`eq`: the total is exact; `gte`: there are at least as many.'),
    totalPages: wholeNumberField,
  })
  .meta({ id: 'Pagination' });

/** As a list answers it that has two entries, all on its first page. */
export const PAGINATION_EXAMPLE = {
  page: 1,
  limit: 10,
  total: 2,
  totalRelation: 'eq',
  totalPages: 1,
} satisfies z.input<typeof paginationSchema>;

/** What a list of `item` answers; the schema for `pageReply`. */
export function pageOf(item: z.ZodType) {
  return z.object({ data: z.array(item).max(PAGE_LIMIT_MAX), pagination: paginationSchema });
}

/** The header that a page has. */
export const linkHeader = z.object({
  Link: z.string().max(8192).describe('RFC 8288 links to the `first`, `prev`, `next` and `last` page.'),
});

/** An answer that is a CSV file of any length; see `sendCsv`. @param lines the first lines of an example. */
export function csvAnswer(description: string, ...lines: [string, ...string[]]) {
  return {
    description,
    example: `${lines.join('\r\n')}\r\n`,
    contentType: 'text/csv',
    schema: z.string().max(FILE_LENGTH_MAX),
    headers: z.object({
      'Content-Disposition': z.string().max(2048).describe('`attachment` with the name of the file.'),
    }),
  } satisfies Answer;
}
