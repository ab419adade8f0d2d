import { KEY_COLUMN } from '@rowferry/roster';

/** The row that an employee has now. `fileName` is null where the upload is not known, as of employees who were entered by hand. */
export type SupersedingRow = { uploadId: string; fileName: string | null; line: number };

/**
 * The row that the employee of a superseded row of the ledger has now, as JSON: null when there is no such employee any more,
 * and for rows that are not superseded. One look into an index for each row, so only for those of a page.
 */
export const SUPERSEDED_BY = (row: string) => `case when ${row}.outcome = 'superseded' then (
    select jsonb_build_object('uploadId', o.upload_id, 'fileName', u.file_name, 'line', o.line)
    from employees e join employee_origins o on o.id = e.id left join uploads u on u.id = o.upload_id
    where e.${KEY_COLUMN} = ${row}.raw ->> '${KEY_COLUMN}'
  ) end`;
