import { sqlState } from '@rowferry/database';
import { ApiProblem } from '../problems/catalogue.ts';

/** SQLSTATE query_canceled: the statement's time limit has passed (Postgres, appendix A). */
const QUERY_CANCELED = '57014';

/** Does what may take longer than Postgres lets a statement of the API take. @throws ApiProblem `query_timeout` then. */
export async function withinTimeLimit<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (sqlState(error) !== QUERY_CANCELED) throw error;
    const detail = 'The query was stopped because it took too long. Ask for less, or try again later.';
    throw new ApiProblem('query_timeout', detail, { cause: error });
  }
}
