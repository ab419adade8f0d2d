import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { statement } from './query.ts';
import { type MakePassword, serverOf } from './server.ts';

declare module 'pg' {
  interface ClientBase {
    /** What the server, or a pooler in its place, called the process of this connection. In pg, but not in its types. */
    readonly processID: number | null;
  }
}

const SECOND = 1000;
/** Without a renewal for so long, somebody else may lead. */
const LEASE_MS = 20 * SECOND;
const BEAT_MS = 6 * SECOND;
/** The server ends a session that is silent for so long. */
const IDLE_TIMEOUT_MS = 30 * SECOND;
/**
 * Longest wait for an answer. Less than a beat, so that a silent connection is closed before statements queue up on it: pg
 * warns of that on standard error, and its next major version does not take them.
 */
const ANSWER_TIMEOUT_MS = 5 * SECOND;
const END_TIMEOUT_MS = SECOND;

/**
 * Takes the lease, or renews it when half of it is over: most calls write nothing. $1 job, $2 holder, $3 milliseconds,
 * $4 the process id that the server gave this connection. Behind a pooler that is not the process that answers.
 *
 * A lease is free when it has expired, or when the session of its holder is gone. Who may not see when a session of
 * another role began sees null.
 */
const TAKE_LEASE = statement(`
  with session as (
    select pid, backend_start from pg_stat_activity where pid = pg_backend_pid() and pid = cast($4 as integer)
  ),
  fresh as (
    select from leases
    where job = $1 and holder = cast($2 as uuid)
      and expires_at > now() + cast($3 as integer) * interval '0.5 ms'
      and backend_pid is not distinct from (select pid from session)
  ),
  taken as (
    insert into leases as held (job, holder, expires_at, backend_pid, backend_start)
    select $1, cast($2 as uuid), now() + cast($3 as integer) * interval '1 ms', pid, backend_start
    from (select) always left join session on true
    where not exists (select from fresh)
    on conflict (job) do update set holder = excluded.holder, expires_at = excluded.expires_at,
      backend_pid = excluded.backend_pid, backend_start = excluded.backend_start
    where held.holder = excluded.holder
      or held.expires_at < now()
      or held.backend_pid is not null and not exists (
        select from pg_stat_activity a
        where a.pid = held.backend_pid and coalesce(a.backend_start, held.backend_start) = held.backend_start
      )
    returning 1
  )
  select exists (select from fresh) or exists (select from taken) as held`);

const RENEW_LEASE = statement(
  `update leases set expires_at = now() + cast($3 as integer) * interval '1 ms'
   where job = $1 and holder = cast($2 as uuid)`,
);
const END_LEASE = statement('delete from leases where job = $1 and holder = cast($2 as uuid)');
const WHO_ANSWERS = statement('select pg_backend_pid() as pid');

export type LeaderElectionSettings = {
  url: string;
  /** Makes the password of each new connection, where it is not in the URL. */
  password?: MakePassword | undefined;
  /** Names the job: the same in every process. */
  job: string;
  /** To listen to. */
  channel?: string;
  /** Called when the first connection turns out to go through a pooler: notifications do not come. */
  onPooler?: () => void;
};

/**
 * Lets one process of many do a job, by a lease that it renews. A lease works through a connection pooler, where a session
 * and its locks are shared. Where the connection has a session of its own, the lease ends with it: at once when the
 * process dies, and after twenty seconds when the network drops the connection silently.
 *
 * For jobs that two may do at once for a moment without harm, since a process learns of its lost lease only with
 * its next statement.
 *
 * The session may listen to a channel, too. What is sent (`pg_notify`) while there is no session is lost, so it can only
 * announce what would be found anyway (https://www.postgresql.org/docs/current/sql-notify.html). Through a pooler nothing
 * is listened to.
 */
export class LeaderElection {
  readonly #settings: LeaderElectionSettings;
  readonly #holder = randomUUID();
  #client: pg.Client | undefined;
  #acquiring: Promise<boolean> | undefined;
  #isPoolerKnown = false;

  /** Called with the payload of each notification, whether this process leads or not. */
  onNotification: (payload: string) => void = () => {};

  constructor(settings: LeaderElectionSettings) {
    this.#settings = settings;
  }

  /** Whether this process leads; takes the lead when nobody has it. @throws when the database is unavailable. */
  tryAcquire(): Promise<boolean> {
    // Several may ask at the same time: one connection, and one statement on it, is for all.
    this.#acquiring ??= this.#acquire().finally(() => {
      this.#acquiring = undefined;
    });
    return this.#acquiring;
  }

  async #acquire(): Promise<boolean> {
    const client = this.#client ?? (await this.#connect());
    try {
      // Sent every time: it also detects a connection that silently died.
      const { rows } = await client.query<{ held: boolean }>(TAKE_LEASE.text, [...this.#lease, client.processID]);
      return rows[0]?.held ?? false;
    } catch (error) {
      this.#client = undefined;
      await inTime(client.end());
      throw error;
    }
  }

  async release(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    const [job, holder] = this.#lease;
    // Over a connection that is lost, no answer comes.
    await inTime(client.query(END_LEASE.text, [job, holder]));
    await inTime(client.end());
  }

  get #lease() {
    return [this.#settings.job, this.#holder, LEASE_MS] as const;
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...serverOf(this.#settings.url, this.#settings.password),
      application_name: 'rowferry-leader',
      connectionTimeoutMillis: 5 * SECOND,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on('error', () => this.#drop(client));
    try {
      await client.connect();
      await this.#prepareSession(client);
    } catch (error) {
      this.#drop(client);
      throw error;
    }
    const renew = () => void client.query(RENEW_LEASE.text, [...this.#lease]).catch(() => this.#drop(client));
    const beat = setInterval(renew, BEAT_MS);
    client.once('end', () => clearInterval(beat));
    this.#client = client;
    return client;
  }

  /** What a session keeps would, behind a pooler, be kept by a session of others. */
  async #prepareSession(client: pg.Client): Promise<void> {
    const { channel, onPooler } = this.#settings;
    const { rows } = await client.query<{ pid: number }>(WHO_ANSWERS.text);
    if (rows[0]?.pid !== client.processID) {
      if (!this.#isPoolerKnown) onPooler?.();
      this.#isPoolerKnown = true;
      return;
    }
    await client.query(`set idle_session_timeout = ${IDLE_TIMEOUT_MS}`);
    client.on('notification', ({ payload = '' }) => this.onNotification(payload));
    if (channel !== undefined) await client.query(`listen ${client.escapeIdentifier(channel)}`);
  }

  #drop(client: pg.Client): void {
    if (this.#client === client) this.#client = undefined;
    client.end().catch(() => {});
  }
}

/** Waits for a goodbye, but not for long, and whatever becomes of it. */
async function inTime(goodbye: Promise<unknown>): Promise<void> {
  const timeout = new AbortController();
  const expired = delay(END_TIMEOUT_MS, undefined, { signal: timeout.signal });
  await Promise.race([goodbye, expired]).catch(() => {});
  timeout.abort();
  await expired.catch(() => {});
}
