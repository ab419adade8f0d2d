/** A row that changes the name of an employee who was there before the upload. */
export type RenamingRow = { line: number; nameBefore: string };

/** Names that are kept of one address. More of them help nobody. */
export const NAMES_MAX = 10;

/** An address that a file has beside several names: the first NAMES_MAX of these, each with the first line that has it. */
export type SharedAddress = { email: string; names: string[]; lines: number[] };

/** What an upload does to names. Of the rows and addresses, the first ten by line; null where there are none. */
export type NameFacts = {
  names_changed: number;
  renaming_rows: RenamingRow[] | null;
  shared_addresses: number;
  shared_names: SharedAddress[] | null;
};

/** Rows and addresses that are named. */
export const NAMED_MAX = 10;

/** The columns of `NameFacts`, for a `select` from `upload_status`. Where there is nothing to name, nothing is looked for. */
export const NAME_FACTS = `
  names_changed,
  case when names_changed > 0 then (
    select jsonb_agg(jsonb_build_object('line', line, 'nameBefore', name_before) order by line)
    from (
      select line, name_before from upload_rows r
      where r.upload_id = upload_status.id and name_before is not null order by line limit ${NAMED_MAX}
    ) first_rows
  ) end as renaming_rows,
  shared_addresses,
  case when shared_addresses > 0 then (
    select jsonb_agg(jsonb_build_object('email', email, 'names', names, 'lines', lines) order by lines[1])
    from (
      select email, names, lines from address_names a
      where a.upload_id = upload_status.id and cardinality(names) > 1 order by lines[1] limit ${NAMED_MAX}
    ) first_addresses
  ) end as shared_names`;
