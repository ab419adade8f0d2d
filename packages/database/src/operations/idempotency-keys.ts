import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { toJsonb } from '../connection/sql-values.ts';

/** Whose key it is, for what, and the key. */
type KeyAddress = { caller: string; operation: string; key: string };

/** An attempt at the request of a key. `id` is its own: another attempt that takes the key over has another. */
export type Claim = KeyAddress & { id: string };

export type StoredAnswer = { status: number; headers: Record<string, string>; body: unknown };

/** What an attempt that died had noted. */
export type Attempt = { fingerprint: string | null; uploadId: string | null };

export type Claimed =
  /** The request is the claimer's to work on. */
  | { state: 'claimed'; interrupted: Attempt }
  /** Another attempt works on it, and its lease has not expired. */
  | { state: 'in_use' }
  | { state: 'answered'; fingerprint: string; answer: StoredAnswer };

/** Hours for which an answer is kept. */
const KEPT_HOURS = 24;

/**
 * Takes the key for a request that is new, whose earlier attempt died, or whose answer is no longer kept. The row is
 * locked by the attempt to insert it, so of several that come at once one gets it.
 */
const CLAIM_KEY = statement(`
  insert into idempotency_keys as k (caller, operation, key, claim, claimed_until)
  values (:caller, :operation, :key, :id, now() + make_interval(secs => :leaseSeconds))
  on conflict (caller, operation, key) do update set
    claim = excluded.claim,
    claimed_until = excluded.claimed_until,
    created_at = case when k.created_at < now() - make_interval(hours => :keptHours) then now() else k.created_at end,
    fingerprint = case when k.created_at < now() - make_interval(hours => :keptHours) then null else k.fingerprint end,
    upload_id = case when k.created_at < now() - make_interval(hours => :keptHours) then null else k.upload_id end,
    answer = null
  where k.claimed_until < now() and (k.answer is null or k.created_at < now() - make_interval(hours => :keptHours))
  returning fingerprint, upload_id as "uploadId"`);

/** @param leaseSeconds the attempt counts as dead after so long without a renewal. */
export async function claimKey(database: Database, claim: Claim, leaseSeconds: number): Promise<Claimed> {
  const [interrupted] = await query<Attempt>(database, CLAIM_KEY, { ...claim, leaseSeconds, keptHours: KEPT_HOURS });
  return interrupted === undefined ? findKey(database, claim) : { state: 'claimed', interrupted };
}

const FIND_KEY = statement(
  'select fingerprint, answer from idempotency_keys where caller = ? and operation = ? and key = ?',
);

async function findKey(database: Database, { caller, operation, key }: KeyAddress): Promise<Claimed> {
  const [found] = await query<{ fingerprint: string; answer: StoredAnswer | null }>(database, FIND_KEY, [
    caller,
    operation,
    key,
  ]);
  // Deleted or not answered: either way it was in use a moment ago.
  if (found === undefined || found.answer === null) return { state: 'in_use' };
  return { state: 'answered', fingerprint: found.fingerprint, answer: found.answer };
}

/** The row of a claim, as long as no other attempt has taken the key over; found by the primary key. */
const IS_CLAIMED = 'caller = :caller and operation = :operation and key = :key and claim = :id';

const RENEW_CLAIM = statement(
  `update idempotency_keys set claimed_until = now() + make_interval(secs => :leaseSeconds) where ${IS_CLAIMED}`,
);

/** Extends the lease of an attempt that is still at work. */
export async function renewClaim(database: Database, claim: Claim, leaseSeconds: number): Promise<void> {
  await query(database, RENEW_CLAIM, { ...claim, leaseSeconds });
}

const NOTE_ATTEMPT = statement(
  `update idempotency_keys set fingerprint = :fingerprint, upload_id = :uploadId where ${IS_CLAIMED}`,
);

/** Notes what the attempt is about to make, for the next attempt if this one dies. */
export async function noteAttempt(database: Database, claim: Claim, { fingerprint, uploadId }: Attempt): Promise<void> {
  await query(database, NOTE_ATTEMPT, { ...claim, fingerprint, uploadId });
}

const ANSWER_KEY = statement(
  `update idempotency_keys set answer = :answer, claimed_until = now(), created_at = now() where ${IS_CLAIMED}`,
);

/** Stores the answer for clients that repeat the request. The attempt's fingerprint was noted before. */
export async function answerKey(database: Database, claim: Claim, answer: StoredAnswer): Promise<void> {
  await query(database, ANSWER_KEY, { ...claim, answer: toJsonb(answer) });
}

const RELEASE_KEY = statement(`delete from idempotency_keys where ${IS_CLAIMED} and answer is null`);

/** Deletes the key of a request that had no effect. */
export async function releaseKey(database: Database, claim: Claim): Promise<void> {
  await query(database, RELEASE_KEY, claim);
}

const DELETE_EXPIRED_KEYS = statement(`
  with expired as (
    delete from idempotency_keys
    where created_at < now() - make_interval(hours => ?) and claimed_until < now()
    returning 1
  )
  select count(*) as count from expired`);

/** Deletes answers that are no longer kept. @returns how many. */
export async function deleteExpiredKeys(database: Database): Promise<number> {
  const [expired] = await query<{ count: number }>(database, DELETE_EXPIRED_KEYS, [KEPT_HOURS]);
  return expired?.count ?? 0;
}
