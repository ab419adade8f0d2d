import { EMPLOYEE_SORTS, type EmployeeFilter, type EmployeeOrder, type EmployeeSort } from '@rowferry/database';
import { z } from 'zod';
import { pageParameters } from '../http/parameters.ts';

/** Nothing that is searched is longer: an e-mail address has 254 characters at most. */
const SEARCH_TERM_MAX = 254;
const COMPANY_MAX = 200;
/** A name of 200 characters of four bytes each fits. */
const CURSOR_MAX = 2048;

/** Each order under the name that the answer has for the value; `created_at` is an older name of the same. */
const SORTS = {
  ...(Object.fromEntries(EMPLOYEE_SORTS.map((sort) => [sort, sort])) as { [Sort in EmployeeSort]: Sort }),
  createdAt: 'created_at',
} as const satisfies Record<string, EmployeeSort>;
type SortName = keyof typeof SORTS;
const SORT_NAMES = Object.keys(SORTS) as SortName[];

/** `-` in front: from the largest to the smallest. */
const SORT_VALUES = SORT_NAMES.flatMap((name) => [name, `-${name}`] as const);

function text(max: number) {
  return (
    z
      .string({ error: 'must be given once' })
      .max(max, `must have ${max} characters at most`)
      .refine((value) => !/\p{Cc}/u.test(value), 'must have no control characters')
      // As names are stored.
      .overwrite((value) => value.normalize('NFC'))
  );
}

/** Which employees, and in which order: of the list and of the export alike. */
const selectionParameters = {
  searchTerm: text(SEARCH_TERM_MAX)
    .optional()
    .meta({ description: 'Occurs in the name or the e-mail address, whatever its case.', example: 'jane' }),
  company: text(COMPANY_MAX)
    .optional()
    .meta({ description: 'Is the name of the company, letter for letter.', example: 'Acme, Inc.' }),
  sort: z
    .enum(SORT_VALUES, { error: `must be one of ${SORT_VALUES.join(', ')}` })
    .default('id')
    .meta({
      description:
        'What the list is in order of; with `-` in front, from the last to the first. `created_at` is an older name of `createdAt`. Text is in order of its code points, or as the database sorts.',
      example: '-createdAt',
    }),
};

export const listParameters = z.object({
  ...pageParameters,
  ...selectionParameters,
  cursor: z
    .string({ error: 'must be given once' })
    .max(CURSOR_MAX, `must have ${CURSOR_MAX} characters at most`)
    .optional()
    .meta({
      description:
        'Instead of `page`: the `nextCursor` of the page before, with all other parameters as they were. Walks the whole list, each page as fast as the first.',
    }),
});

export const exportParameters = z.object(selectionParameters);

/** What is asked for, as the database takes it. A parameter without a value asks for nothing. */
export function selectionOf({ searchTerm, company, sort }: z.output<typeof exportParameters>): {
  filter: EmployeeFilter;
  order: EmployeeOrder;
} {
  return {
    filter: { searchTerm: searchTerm || undefined, company: company || undefined },
    order: { by: SORTS[sort.replace('-', '') as SortName], descending: sort.startsWith('-') },
  };
}
