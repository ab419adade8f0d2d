import type { Database } from '../src/connection/connect.ts';

/** Builds a range of the search index. @returns whether it was built. */
export async function indexEmployees(
  database: Database,
  { afterId = null, lastId }: { afterId?: number | null; lastId: number },
): Promise<boolean> {
  const { rows } = await database.raw<{ rows: { is_indexed: boolean }[] }>(
    'select index_employees(:afterId, :lastId) as is_indexed',
    { afterId, lastId },
  );
  return rows[0]?.is_indexed ?? false;
}

/** Makes one range of all employees. */
export async function indexAll(database: Database): Promise<void> {
  const { rows } = await database.raw<{ rows: { last_id: number }[] }>('select max(id) as last_id from employees');
  const isIndexed = await indexEmployees(database, { lastId: Number(rows[0]?.last_id) });
  if (!isIndexed) throw new Error('no range was built');
}
