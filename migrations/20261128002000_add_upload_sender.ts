import type { Knex } from 'knex';

/**
 * Who sent the file of an upload: `{"kind": "key", "id": "…", "name": "…"}` or `{"kind": "token", …}`, as it was called
 * then. Null without credentials, for a file that another tool put into the bucket, and for uploads before this migration.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('alter table uploads add column sender jsonb');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table uploads drop column sender');
}
