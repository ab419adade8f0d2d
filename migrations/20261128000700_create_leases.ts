import type { Knex } from 'knex';

/**
 * Which process does a job that one of many does. A lease and not a session's advisory lock, since behind a connection pooler
 * nobody has a session (docs/decisions/0004-bucket-watcher.md).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table leases (
      job text primary key,
      holder uuid not null,
      expires_at timestamptz not null,
      -- The holder's session: when it is gone, the lease is free at once. Null behind a pooler, whose sessions are anybody's.
      backend_pid integer,
      backend_start timestamptz
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table leases');
}
