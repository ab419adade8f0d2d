import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { FILLED_COLUMNS } from '../roster.ts';
import { openDatabase } from '../tables.ts';
import { type ByteRange, halvesOf } from './line-ranges.ts';
import { createSearchIndex, dropSearchIndex, type Filled, RIVAL_TABLE, withRivalTable } from './rival-table.ts';

/** What a user with psql could do instead: `COPY` of the same rows by one connection. */
export function copy(databaseUrl: string, file: string): Promise<Filled> {
  return withRivalTable(databaseUrl, (client) => copyRange(client, file));
}

/** The file cut in two halves, each copied by a connection of its own at the same time. */
export async function copyByTwo(databaseUrl: string, file: string): Promise<Filled> {
  const halves = await halvesOf(file);
  const clients = await Promise.all(halves.map(() => openDatabase(databaseUrl)));
  try {
    return await withRivalTable(databaseUrl, async () => {
      await Promise.all(clients.map((client, index) => copyRange(client, file, halves[index])));
    });
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** `COPY` by one connection into a table without its search index, which is made afterwards: only an empty table allows it. */
export function copyThenIndex(databaseUrl: string, file: string): Promise<Filled> {
  return withRivalTable(databaseUrl, async (client) => {
    await dropSearchIndex(client);
    await copyRange(client, file);
    await createSearchIndex(client);
  });
}

async function copyRange(client: pg.Client, file: string, range?: ByteRange): Promise<void> {
  await pipeline(
    createReadStream(file, range),
    client.query(copyFrom(`copy ${RIVAL_TABLE} (${FILLED_COLUMNS}) from stdin with (format csv)`)),
  );
}
