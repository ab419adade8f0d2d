import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
create table if not exists queues (
  name text primary key, arn text not null, attributes text not null, tags text not null,
  created integer not null, modified integer not null, sequence integer not null
) strict;
create table if not exists messages (
  message_id text primary key, queue_name text not null, body text not null, facts text not null,
  receive_count integer not null, first_received integer, receipt_handle text, visible_at integer
) strict;
create index if not exists messages_queue on messages (queue_name);
create table if not exists topics (arn text primary key, facts text not null) strict;
create table if not exists subscriptions (arn text primary key, facts text not null) strict;
create table if not exists buckets (name text primary key, created text not null, type text not null, lifecycle text) strict;
create table if not exists notifications (bucket text not null, queue_arn text not null, prefix text not null) strict;
create table if not exists objects (
  bucket text not null, key text not null, facts text not null, segments text not null, primary key (bucket, key)
) strict;
create table if not exists uploads (upload_id text primary key, facts text not null) strict;
create table if not exists parts (
  upload_id text not null, number integer not null, facts text not null, primary key (upload_id, number)
) strict;
`;

/** Free pages that a big file left behind are given back at the next start when they exceed this. */
const VACUUM_BYTES = 64 * 1024 * 1024;

/**
 * Opens the emulator's database. `durable`: a commit is on disk when it returns (in WAL mode synchronous=NORMAL would
 * survive kill -9, but not a power cut; sqlite.org/pragma.html#pragma_synchronous). Otherwise it is good for one run.
 */
export function openDatabase(file: string, durable: boolean): DatabaseSync {
  const database = new DatabaseSync(file);
  // Pages of 16 KiB, as most messages are larger than the usual 4; 32 MiB of log between checkpoints.
  database.exec(`
    PRAGMA page_size = 16384;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = ${durable ? 'FULL' : 'OFF'};
    PRAGMA cache_size = -65536;
    PRAGMA wal_autocheckpoint = 2048;
    PRAGMA journal_size_limit = 67108864;
  `);
  database.exec(SCHEMA);
  if (pragma(database, 'freelist_count') * pragma(database, 'page_size') > VACUUM_BYTES) database.exec('VACUUM');
  return database;
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
