import type { Database } from '../connection/connect.ts';
import { toJsonb } from '../connection/sql-values.ts';

/** Whose key it is, for what, and the key. */
type KeyAddress = { caller: string; operation: string; key: string };

/** An attempt at the request of a key. `id` is its own: another attempt that takes the key over has another. */
export type Claim = KeyAddress & { id: string };

export type StoredAnswer = { status: number; headers: Record<string, string>; body: unknown };

/** What an attempt that died left behind. */
export type Attempt = { fingerprint: string | null; uploadId: string | null };

export type Claimed =
  /** The request is the claimer's to work on. */
  | { state: 'claimed'; interrupted: Attempt }
  /** Another works on it, and lives. */
  | { state: 'in_use' }
  | { state: 'answered'; fingerprint: string; answer: StoredAnswer };

/** Hours for which an answer is kept. */
const KEPT_HOURS = 24;

/**
 * Takes the key for a request that is new, whose earlier attempt died, or whose answer is no longer kept. The row is
 * locked by the attempt to insert it, so of several that come at once one gets it.
 */
const CLAIM_KEY = `
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
  returning fingerprint, upload_id as "uploadId"`;

/** @param leaseSeconds for how long the attempt is taken to live without saying so again. */
export async function claimKey(database: Database, claim: Claim, leaseSeconds: number): Promise<Claimed> {
  const { rows } = await database.raw<{ rows: Attempt[] }>(CLAIM_KEY, {
    ...claim,
    leaseSeconds,
    keptHours: KEPT_HOURS,
  });
  const [interrupted] = rows;
  return interrupted === undefined ? findKey(database, claim) : { state: 'claimed', interrupted };
}

async function findKey(database: Database, { caller, operation, key }: KeyAddress): Promise<Claimed> {
  const { rows } = await database.raw<{ rows: { fingerprint: string; answer: StoredAnswer | null }[] }>(
    'select fingerprint, answer from idempotency_keys where caller = ? and operation = ? and key = ?',
    [caller, operation, key],
  );
  const [found] = rows;
  // Gone, or not answered: either way it was in use a moment ago.
  if (found === undefined || found.answer === null) return { state: 'in_use' };
  return { state: 'answered', fingerprint: found.fingerprint, answer: found.answer };
}

/** The row of a claim, as long as no other attempt has taken the key over; found by the primary key. */
const IS_CLAIMED = 'caller = :caller and operation = :operation and key = :key and claim = :id';

/** Says that the attempt lives. */
export async function renewClaim(database: Database, claim: Claim, leaseSeconds: number): Promise<void> {
  await database.raw(
    `update idempotency_keys set claimed_until = now() + make_interval(secs => :leaseSeconds) where ${IS_CLAIMED}`,
    { ...claim, leaseSeconds },
  );
}

/** Leaves word of what is about to be made, for the next attempt if this one dies. */
export async function noteAttempt(database: Database, claim: Claim, { fingerprint, uploadId }: Attempt): Promise<void> {
  await database.raw(
    `update idempotency_keys set fingerprint = :fingerprint, upload_id = :uploadId where ${IS_CLAIMED}`,
    { ...claim, fingerprint, uploadId },
  );
}

/** Keeps the answer for those who send the same again. The attempt's fingerprint was noted before. */
export async function answerKey(database: Database, claim: Claim, answer: StoredAnswer): Promise<void> {
  await database.raw(
    `update idempotency_keys set answer = :answer, claimed_until = now(), created_at = now() where ${IS_CLAIMED}`,
    { ...claim, answer: toJsonb(answer) },
  );
}

/** Gives the key back: nothing came of the request. */
export async function releaseKey(database: Database, claim: Claim): Promise<void> {
  await database.raw(`delete from idempotency_keys where ${IS_CLAIMED} and answer is null`, claim);
}

/** Forgets answers that need no longer be kept. @returns how many. */
export async function deleteExpiredKeys(database: Database): Promise<number> {
  const { rowCount } = await database.raw<{ rowCount: number }>(
    'delete from idempotency_keys where created_at < now() - make_interval(hours => ?) and claimed_until < now()',
    [KEPT_HOURS],
  );
  return rowCount;
}
