import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table idempotency_keys (
      caller text not null,
      operation text not null,
      key text not null,
      -- The attempt that works on the request. When claimed_until passes without an answer, its process has died.
      claim uuid not null,
      claimed_until timestamptz not null,
      -- Names the content of the request; null until it is known.
      fingerprint text,
      -- The upload that the request makes; null until there is one.
      upload_id uuid,
      -- Status, headers and body of the answer; null while the request is being worked on.
      answer jsonb,
      created_at timestamptz not null default now(),
      primary key (caller, operation, key)
    )`);
  await knex.raw('create index idempotency_keys_created_at on idempotency_keys (created_at)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table idempotency_keys');
}
