import { z } from 'zod';
import { wholeNumberField } from './fields.ts';

/** How many a page has at most, over all lists. */
const PAGE_MAX_ITEMS = 100;

export const paginationSchema = z
  .object({
    page: wholeNumberField,
    limit: wholeNumberField,
    total: wholeNumberField.describe('How many there are.'),
    totalRelation: z.enum(['eq', 'gte']).describe('`eq`: the total is exact; `gte`: there are at least as many.'),
    totalPages: wholeNumberField,
  })
  .meta({ id: 'Pagination' });

/** What a list of `item` answers; the schema for `sendPage`. */
export function pageOf(item: z.ZodType) {
  return z.object({ data: z.array(item).max(PAGE_MAX_ITEMS), pagination: paginationSchema });
}

/** The header that a page has. */
export const linkHeader = z.object({
  Link: z.string().max(8192).describe('RFC 8288 links to the `first`, `prev`, `next` and `last` page.'),
});
