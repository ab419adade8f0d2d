import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // What came out of the queue of notifications: each event once, however often it was delivered.
  await knex.raw(`
    create table notifications (
      -- The order in which they came. No smaller one becomes visible after a larger one.
      sequence bigint generated always as identity primary key,
      -- That of the event.
      id uuid not null unique,
      type text not null,
      severity text not null check (severity in ('info', 'warning', 'alert')),
      data jsonb not null,
      occurred_at timestamptz not null,
      received_at timestamptz not null default now()
    )`);
  await knex.raw('create index notifications_by_severity on notifications (severity, sequence)');
  // Up to where each caller has read.
  await knex.raw(`
    create table notification_readers (
      caller text primary key,
      read_up_to bigint not null,
      read_at timestamptz not null default now()
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table notification_readers, notifications');
}
