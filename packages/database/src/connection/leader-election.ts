import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const SECOND = 1000;
/** The server ends a session that is silent for so long, and frees its lock. */
const IDLE_TIMEOUT_MS = 30 * SECOND;
const BEAT_MS = 10 * SECOND;
/**
 * Longest wait for an answer. Less than a beat, so that a silent connection is closed before statements queue up on it: pg warns of that on standard error, and its next major version does not take them.
 */
const ANSWER_TIMEOUT_MS = 5 * SECOND;
const END_TIMEOUT_MS = SECOND;

/**
 * Lets one process of many do a job: a session-level advisory lock, which Postgres takes back when the process or its
 * connection dies. When the network drops the connection silently, Postgres would keep the lock for hours: so the session
 * sends a statement every ten seconds, and the server ends it after thirty seconds without one.
 *
 * For jobs that two may do at once for a moment without harm, since a process learns of its lost connection only with
 * its next statement.
 *
 * The session may listen to a channel, too. What is sent (`pg_notify`) while there is no session is lost, so it can only
 * announce what would be found anyway (https://www.postgresql.org/docs/current/sql-notify.html).
 */
export class LeaderElection {
  readonly #url: string;
  readonly #key: number;
  readonly #channel: string | undefined;
  #client: pg.Client | undefined;

  /** Called with the payload of each notification, whether this process leads or not. */
  onNotification: (payload: string) => void = () => {};

  /**
   * @param key names the job: the same number in every process.
   * @param channel to listen to.
   */
  constructor(url: string, key: number, channel?: string) {
    this.#url = url;
    this.#key = key;
    this.#channel = channel;
  }

  /** Whether this process leads; takes the lead when nobody has it. @throws when the database is unavailable. */
  async tryAcquire(): Promise<boolean> {
    const client = this.#client ?? (await this.#connect());
    try {
      // Sent every time: it also detects a connection that silently died. A session that has the lock would get it a
      // second time, so the lock is only requested when the session does not have it.
      const { rows } = await client.query<{ held: boolean }>(
        `select exists (
           select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and objid = $1::bigint and granted
         ) or pg_try_advisory_lock($1::bigint) as held`,
        [this.#key],
      );
      return rows[0]?.held ?? false;
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  async release(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    // Over a connection that is lost, no answer comes to a goodbye.
    const bound = new AbortController();
    const ended = client.end().catch(() => {});
    await Promise.race([ended, delay(END_TIMEOUT_MS, undefined, { signal: bound.signal }).catch(() => {})]);
    bound.abort();
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#url,
      application_name: 'rowferry-leader',
      connectionTimeoutMillis: 5 * SECOND,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
    });
    client.on('error', () => this.#drop(client));
    try {
      await client.connect();
      await client.query(`set idle_session_timeout = ${IDLE_TIMEOUT_MS}`);
      client.on('notification', ({ payload = '' }) => this.onNotification(payload));
      if (this.#channel !== undefined) await client.query(`listen ${client.escapeIdentifier(this.#channel)}`);
    } catch (error) {
      this.#drop(client);
      throw error;
    }
    const beat = setInterval(() => void client.query('select').catch(() => this.#drop(client)), BEAT_MS);
    client.once('end', () => clearInterval(beat));
    this.#client = client;
    return client;
  }

  #drop(client: pg.Client): void {
    if (this.#client === client) this.#client = undefined;
    client.end().catch(() => {});
  }
}
