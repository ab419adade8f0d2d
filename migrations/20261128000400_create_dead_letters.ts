import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Why a message failed the last time, so that its rows can say so when they are dead.
  await knex.raw(`
    create table delivery_failures (
      message_id text primary key,
      reason text not null,
      -- How often a reason was saved: only while Postgres could be reached.
      attempts integer not null default 1,
      failed_at timestamptz not null default now()
    )`);
  // Messages in the dead-letter queues that have another format or version, for an operator to read.
  await knex.raw(`
    create table unreadable_messages (
      message_id text primary key,
      queue text not null,
      body text not null,
      reason text not null,
      received_at timestamptz not null default now()
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table unreadable_messages, delivery_failures');
}
