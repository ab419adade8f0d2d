/** What is kept of a version: the functions of its consumer as Lambda calls them, and the text of its statements. */
import '@rowferry/database';
import { STATEMENTS } from '../../packages/database/src/connection/query.ts';

export * from '../../apps/consumer-lambda/src/lambda.ts';

/** Of the API and of the worker too, but for those that are built for each question. */
export async function statements(): Promise<string[]> {
  return [...STATEMENTS].map(({ text }) => text);
}
