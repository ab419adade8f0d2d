import { z } from 'zod';
import type { Answer } from './route.ts';

/** An answer that is a CSV file of any length; see `sendCsv`. */
export function csvAnswer(description: string) {
  return {
    description,
    contentType: 'text/csv',
    schema: z.string().max(Number.MAX_SAFE_INTEGER),
    headers: z.object({
      'Content-Disposition': z.string().max(2048).describe('`attachment` with the name of the file.'),
    }),
  } satisfies Answer;
}
