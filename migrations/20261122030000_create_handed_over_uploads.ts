import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  // Whose messages are all in the queues: a worker that starts need not read their objects again.
  await knex.raw(`
    create table handed_over_uploads (
      upload_id uuid primary key,
      handed_over_at timestamptz not null default now()
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table handed_over_uploads');
}
