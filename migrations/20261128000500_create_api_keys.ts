import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Revoked keys stay: an API that once had a key must not fall open because the last one was revoked.
  await knex.raw(`
    create table api_keys (
      -- The part of the key that is no secret.
      id text primary key,
      name text not null,
      scopes text[] not null,
      -- SHA-256 of the whole key.
      hash bytea not null,
      created_at timestamptz not null default now(),
      revoked_at timestamptz
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table api_keys');
}
