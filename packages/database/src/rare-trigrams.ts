import type { Database } from './connection.ts';

/** The share of employees that have a trigram which counts as rare, at most, as far as the sample tells. */
const RARE_SHARE = 0.05;
const TRIGRAMS_MAX = 2;
/** Up to so many characters a term of ASCII has no more than six trigrams, and the question is not worth its while. */
const SHORT_TERM = 8;

/**
 * The trigrams of a search key that few employees have, the rarest first: those that the search index is to be asked for.
 *
 * For every employee that has the rarest of a term's trigrams the index looks up all the others: for a long term 20, which
 * hardly rule out more than two do that are rare and apart. Which are rare is told by a sample, the hundred keys that
 * `analyze` leaves in the statistics: what none of them has, fewer than one in 25 employees have, with a probability of 98%.
 *
 * Of trigrams that are equally rare, those that overlap least come first. None is given where none is rare, or nothing was
 * analyzed yet.
 */
const RARE_TRIGRAMS = `
  with sample as materialized (
    select unnest(cast(cast(histogram_bounds as text) as text[])) as key
    from pg_stats
    where tablename = 'employees' and attname = 'search_key'
      and cast(format('%I.%I', schemaname, tablename) as regclass) = cast('employees' as regclass)
  ),
  trigrams as (
    select substr(key, at, 3) as trigram, min(at) as at
    from search_key(:searchTerm) key, generate_series(1, length(key) - 2) at
    group by 1
  ),
  counted as (
    select trigram, at, (select count(*) from sample s where strpos(s.key, t.trigram) > 0) as hits
    from trigrams t
  )
  select trigram
  from counted
  where hits < cast(:rareShare as float8) * (select count(*) from sample)
  order by hits, at % 3, at
  limit :trigramsMax`;

/** What of a term the search index is to be asked for: nothing stands for the whole term. See `RARE_TRIGRAMS`. */
export async function rareTrigrams(database: Database, searchTerm: string): Promise<string[]> {
  if (searchTerm.length <= SHORT_TERM) return [];
  const { rows } = await database.raw<{ rows: { trigram: string }[] }>(RARE_TRIGRAMS, {
    searchTerm,
    rareShare: RARE_SHARE,
    trigramsMax: TRIGRAMS_MAX,
  });
  return rows.map(({ trigram }) => trigram);
}
