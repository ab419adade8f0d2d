import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const SCHEMA = `
create table if not exists queues (
  name text primary key, arn text not null, attributes text not null, tags text not null,
  created integer not null, modified integer not null, sequence integer not null
) strict;
create table if not exists queued_messages (
  id integer primary key, message_id text not null, queue_name text not null, facts text not null,
  body blob, body_file integer, body_offset integer, body_length integer,
  receive_count integer not null, first_received integer, receipt_handle text, visible_at integer
) strict;
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

export type OpenDatabase = {
  readonly database: DatabaseSync;
  /** Returns when what was committed is on disk. */
  sync(): void;
  close(): void;
};

/**
 * Opens the emulator's database. A commit is with the operating system when it returns, and survives a kill of this process; a
 * power cut it survives after `sync` (sqlite.org/pragma.html#pragma_synchronous, NORMAL in WAL mode, which leaves only this
 * fsync out). Not `durable`: it is good for one run, and `sync` does nothing.
 */
export function openDatabase(file: string, durable: boolean): OpenDatabase {
  const database = new DatabaseSync(file);
  // Pages of 16 KiB, as in databases that held the bodies of messages; 32 MiB of log between checkpoints.
  database.exec(`
    PRAGMA page_size = 16384;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = ${durable ? 'NORMAL' : 'OFF'};
    PRAGMA cache_size = -65536;
    PRAGMA wal_autocheckpoint = 2048;
    PRAGMA journal_size_limit = 67108864;
  `);
  database.exec(SCHEMA);
  if (pragma(database, 'freelist_count') * pragma(database, 'page_size') > VACUUM_BYTES) database.exec('VACUUM');
  if (!durable) return { database, sync() {}, close: () => database.close() };
  // SQLite keeps this file as long as the database is open.
  const log = openSync(`${file}-wal`, 'r');
  // What was written before a kill need not be on disk yet. Files that no row names are removed on the strength of it.
  fdatasyncSync(log);
  return {
    database,
    sync: () => fdatasyncSync(log),
    close() {
      database.close();
      closeSync(log);
    },
  };
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
