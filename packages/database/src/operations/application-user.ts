import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

/** As whom API and consumers connect where migrations have a user of their own, which owns the tables. */
export const APPLICATION_USER = 'rowferry_app';

const CREATE_USER = statement(`do $$
  begin
    if not exists (select from pg_roles where rolname = '${APPLICATION_USER}') then
      create role ${APPLICATION_USER} login;
    end if;
  end $$`);
/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html */
const LET_TOKENS_IN = statement(`grant rds_iam to ${APPLICATION_USER}`);
const GRANT_TABLES = statement(
  `grant select, insert, update, delete on all tables in schema public to ${APPLICATION_USER}`,
);
const GRANT_SEQUENCES = statement(`grant usage on all sequences in schema public to ${APPLICATION_USER}`);

/** Lets the application's user work on the tables, by tokens of IAM: it has no password. Calling it again changes nothing. */
export async function grantApplicationUser(database: Database): Promise<void> {
  for (const one of [CREATE_USER, LET_TOKENS_IN, GRANT_TABLES, GRANT_SEQUENCES]) await query(database, one);
}
