import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table webhooks (
      id uuid primary key,
      url text not null,
      -- Of the URL: how many attempts go to one host at the same time is limited.
      host text not null,
      types text[] not null,
      description text,
      -- As receivers have them: a signature needs the secret itself.
      secret text not null,
      -- Signs as well until then.
      previous_secret text,
      previous_secret_until timestamptz,
      created_at timestamptz not null,
      last_success_at timestamptz,
      -- Null while it is called.
      disabled_at timestamptz,
      disabled_reason text check (disabled_reason in ('gone', 'failing')),
      check ((disabled_at is null) = (disabled_reason is null)),
      check ((previous_secret is null) = (previous_secret_until is null))
    )`);
  await knex.raw(`
    create table webhook_deliveries (
      id uuid primary key default gen_random_uuid(),
      webhook_id uuid not null references webhooks on delete cascade,
      event_id uuid not null,
      type text not null,
      -- What is sent and signed, to the byte.
      body text not null,
      status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
      attempts integer not null default 0,
      -- Since it came or was replayed.
      failures integer not null default 0,
      created_at timestamptz not null,
      -- Null: there is none.
      next_attempt_at timestamptz,
      expires_at timestamptz not null,
      -- Until then an attempt is somebody's. When it passes without an answer, it is lost.
      claimed_until timestamptz,
      unique (webhook_id, event_id),
      check ((status = 'pending') = (next_attempt_at is not null))
    )`);
  await knex.raw(
    `create index webhook_deliveries_due on webhook_deliveries (next_attempt_at) where status = 'pending'`,
  );
  await knex.raw('create index webhook_deliveries_log on webhook_deliveries (webhook_id, created_at desc, id)');
  await knex.raw('create index webhook_deliveries_created_at on webhook_deliveries (created_at)');
  await knex.raw(`
    create table webhook_attempts (
      delivery_id uuid not null references webhook_deliveries on delete cascade,
      attempt integer not null,
      attempted_at timestamptz not null,
      duration_ms integer not null,
      -- Null where there was no answer.
      http_status integer,
      -- Null: delivered.
      error text,
      primary key (delivery_id, attempt)
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table webhook_attempts');
  await knex.raw('drop table webhook_deliveries');
  await knex.raw('drop table webhooks');
}
