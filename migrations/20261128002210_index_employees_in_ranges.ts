import type { Knex } from 'knex';

/** Each range is a transaction: imports and searches go on meanwhile, and a second attempt goes on where the first ended. */
export const config = { transaction: false };

/** A million take a quarter of a minute. */
const RANGE_EMPLOYEES = 131_072;
/** Of one range, each of which waits two seconds for a transaction that writes employees and does not end. */
const ATTEMPTS = 30;

/** Builds the search ranges of those who are there, and drops the index that they take the place of. */
export async function up(knex: Knex): Promise<void> {
  for (let failures = 0; failures < ATTEMPTS; ) {
    const answer = await indexNext(knex);
    if (answer === undefined) {
      // Postgres refuses `concurrently` in a transaction, and would hold up every reader without it.
      await knex.raw('drop index concurrently if exists employees_search');
      return;
    }
    failures = answer ? 0 : failures + 1;
  }
  throw new Error(
    'a transaction that writes employees does not end, so the search index could not be built; try again',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    'create index concurrently if not exists employees_search on employees using gin (search_key gin_trgm_ops)',
  );
}

/** Undefined: everybody is in a range. */
async function indexNext(knex: Knex): Promise<boolean | undefined> {
  return knex.transaction(
    async (transaction) => {
      const { rows } = await transaction.raw<{ rows: { is_indexed: boolean }[] }>(
        `select index_employees(after_id, last_id) as is_indexed
         from (select max(last_id) as after_id from employee_search_ranges) indexed,
           lateral (
             select max(id) as last_id
             from (select id from employees where after_id is null or id > after_id order by id limit ${RANGE_EMPLOYEES}) e
           ) next
         where last_id is not null`,
      );
      return rows[0]?.is_indexed;
    },
    { isolationLevel: 'read committed' },
  );
}
