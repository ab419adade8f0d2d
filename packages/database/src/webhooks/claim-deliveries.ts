import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

/** A delivery whose attempt is the claimer's, until its claim expires. */
export type ClaimedDelivery = {
  id: string;
  /** Number of the attempt, from 1. */
  attempt: number;
  url: string;
  event_id: string;
  body: string;
  /** One, or two while a secret is being replaced, the current one first. */
  secrets: string[];
};

export type ClaimLimits = {
  now: Date;
  /** When the claim expires: the attempt counts as lost then, and may be made again. */
  until: Date;
  /** Attempts at the same time, of all claimers. */
  perHost: number;
  total: number;
};

/** One claims at a time, so that none misses the claims of another when it counts. */
const LOCK_CLAIMS = statement(`select pg_advisory_xact_lock(hashtext('rowferry: claims of webhook deliveries'))`);

/** Those that are due for longest, but of one host no more than may be attempted at the same time. */
const CLAIM_DELIVERIES = statement(`
  with busy as (
    select host, count(*) as attempts
    from webhook_deliveries d join webhooks w on w.id = d.webhook_id
    where status = 'pending' and claimed_until > :now
    group by host
  ),
  due as (
    select d.id, next_attempt_at,
      coalesce(attempts_of.attempts, 0) + row_number() over (partition by w.host order by next_attempt_at, d.id) as place
    from webhook_deliveries d
    join webhooks w on w.id = d.webhook_id
    left join busy attempts_of on attempts_of.host = w.host
    where status = 'pending' and next_attempt_at <= :now and disabled_at is null
      and (claimed_until is null or claimed_until <= :now)
  ),
  chosen as (
    select id from due where place <= :perHost order by next_attempt_at, id
    limit greatest(0, :total - (select coalesce(sum(attempts), 0) from busy))
  )
  update webhook_deliveries d set claimed_until = :until
  from webhooks w
  where w.id = d.webhook_id and d.id in (select id from chosen)
  returning d.id, d.attempts + 1 as attempt, w.url, d.event_id, d.body,
    case when previous_secret_until > :now then array[secret, previous_secret] else array[secret] end as secrets`);

/** Takes deliveries that are due. A claim ends when its attempt is recorded, or expires. */
export async function claimDeliveries(database: Database, limits: ClaimLimits): Promise<ClaimedDelivery[]> {
  return database.transaction(async (trx) => {
    await query(trx, LOCK_CLAIMS);
    return query<ClaimedDelivery>(trx, CLAIM_DELIVERIES, limits);
  });
}
