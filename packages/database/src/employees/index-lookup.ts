import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

/** What of a search term the search index is asked for. */
export type IndexLookup =
  | { by: 'term' }
  /** Some of the trigrams that a long term has. */
  | { by: 'trigrams'; trigrams: readonly string[] }
  /** The trigrams that begin with a term whose key is of two characters. */
  | { by: 'pair' };

export const BY_TERM: IndexLookup = { by: 'term' };

/** The share of employees that have a trigram which counts as rare, at most, by the sample. */
const RARE_TRIGRAM_SHARE = 0.05;
const TRIGRAMS_MAX = 2;
/** Up to so many characters a term of ASCII has no more than six trigrams, and the question is not worth its while. */
const SHORT_TERM = 8;

/** The same of a pair: a scan of the table is sooner done with those that more employees have. */
const RARE_PAIR_SHARE = 0.1;
/** The longest term whose key may be a pair; one character can have a key of two. */
const PAIR_LENGTH = 2;

/** The hundred keys that `analyze` leaves in the statistics. */
const SAMPLE = `
  sample as materialized (
    select unnest(cast(cast(histogram_bounds as text) as text[])) as key
    from pg_stats
    where tablename = 'employees' and attname = 'search_key'
      and cast(format('%I.%I', schemaname, tablename) as regclass) = cast('employees' as regclass)
  )`;

/**
 * The trigrams of a search key that few employees have, the rarest first.
 *
 * For every employee that has the rarest of a term's trigrams the index looks up all the others: for a long term 20, which
 * hardly rule out more than two do that are rare and apart. Which are rare is estimated by a sample: what none of a hundred keys
 * has, fewer than one in 25 employees have, with a probability of 98%.
 *
 * Of trigrams that are equally rare, those that overlap least come first.
 */
const RARE_TRIGRAMS = statement(`
  with ${SAMPLE},
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
  limit :trigramsMax`);

/**
 * Whether a term's key is a pair that few employees have. The index ignores case, so the sample is compared
 * without case too. Before anything was analyzed, as in the first minute after a large file, there
 * is no sample.
 */
const IS_RARE_PAIR = statement(`
  with ${SAMPLE}
  select length(search_key(:searchTerm)) = 2
    and case count(*)
      when 0 then cast(:isRareNearby as boolean)
      else count(*) filter (where strpos(lower(key), lower(search_key(:searchTerm))) > 0)
        < cast(:rareShare as float8) * count(*)
    end as is_rare
  from sample`);

/**
 * How the search index is to be asked for a term, so that it is found soon. Where nothing is rare it is asked for the whole
 * term.
 *
 * @param isRareNearby whether the first employees hardly have it.
 */
export async function indexLookup(database: Database, searchTerm: string, isRareNearby: boolean): Promise<IndexLookup> {
  if (searchTerm.length <= PAIR_LENGTH)
    return (await isRarePair(database, searchTerm, isRareNearby)) ? { by: 'pair' } : BY_TERM;
  if (searchTerm.length <= SHORT_TERM) return BY_TERM;
  const trigrams = await rareTrigrams(database, searchTerm);
  return trigrams.length > 0 ? { by: 'trigrams', trigrams } : BY_TERM;
}

async function isRarePair(database: Database, searchTerm: string, isRareNearby: boolean): Promise<boolean> {
  const [pair] = await query<{ is_rare: boolean }>(database, IS_RARE_PAIR, {
    searchTerm,
    isRareNearby,
    rareShare: RARE_PAIR_SHARE,
  });
  return pair?.is_rare ?? false;
}

async function rareTrigrams(database: Database, searchTerm: string): Promise<string[]> {
  const rows = await query<{ trigram: string }>(database, RARE_TRIGRAMS, {
    searchTerm,
    rareShare: RARE_TRIGRAM_SHARE,
    trigramsMax: TRIGRAMS_MAX,
  });
  return rows.map(({ trigram }) => trigram);
}
