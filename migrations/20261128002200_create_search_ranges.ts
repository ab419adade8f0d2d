import type { Knex } from 'knex';

/**
 * The search index in ranges of employee ids, each built at once, instead of one index that each new employee is merged into
 * (docs/decisions/0027-search-index-by-ranges.md). The next migration builds the ranges of those who are there.
 */
export async function up(knex: Knex): Promise<void> {
  await createRanges(knex);
  await createChanges(knex);
  await createIndexing(knex, await searchPathOf(knex));
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop trigger employees_search_inserted on employees');
  await knex.raw('drop trigger employees_search_updated on employees');
  await knex.raw('drop trigger employees_search_deleted on employees');
  await knex.raw('drop trigger employees_search_truncated on employees');
  await knex.raw('select forget_search_ranges()');
  await knex.raw(
    'drop function index_employees, note_search_changes, note_search_change, clear_search_index, forget_search_ranges',
  );
  await knex.raw('drop table employee_search_ranges, employee_search_changes');
  await knex.raw('drop sequence employee_search_tables, employee_search_reserved');
}

async function createRanges(knex: Knex): Promise<void> {
  // A range begins after the one before: no id below the last is outside of all.
  await knex.raw(`
    create table employee_search_ranges (
      last_id bigint primary key,
      -- Its keys are in the table employee_search_<number>.
      table_number bigint not null unique,
      employees bigint not null
    )`);
  await knex.raw('create sequence employee_search_tables');
  // Ids up to this one are in a range, or in one that is being built. A sequence, because everybody sees at once what it is
  // set to, also a transaction whose snapshot is older.
  await knex.raw('create sequence employee_search_reserved minvalue 0 start 0');
}

async function createChanges(knex: Knex): Promise<void> {
  // What a range does not know of its employees; null: there is none. Small, so its pending list may be, too.
  await knex.raw(`
    create table employee_search_changes (
      employee_id bigint primary key,
      search_key text
    ) with (autovacuum_vacuum_cost_delay = 0)`);
  await knex.raw(`
    create index employee_search_changes_key on employee_search_changes
    using gin (search_key gin_trgm_ops) with (gin_pending_list_limit = 512)`);
}

/** With the schema for temporary tables last, so that nobody's table is taken for one of these. */
async function searchPathOf(knex: Knex): Promise<string> {
  const { rows } = await knex.raw<{ rows: { path: string }[] }>(`select current_setting('search_path') as path`);
  return `${rows[0]?.path}, pg_temp`;
}

/**
 * The functions are `security definer`: they work for roles that may write employees and create no tables. Nobody else may make
 * triggers of them, on tables of their own.
 */
async function createIndexing(knex: Knex, searchPath: string): Promise<void> {
  const settings = `security definer set search_path = ${searchPath}`;
  await knex.raw(`
    create function note_search_changes() returns trigger language plpgsql ${settings} as $$
    begin
      insert into employee_search_changes as c (employee_id, search_key)
      select id, case tg_op when 'INSERT' then search_key end from changed
      where id <= (select last_value from employee_search_reserved) order by id
      on conflict (employee_id) do update set search_key = excluded.search_key;
      return null;
    end $$`);
  await knex.raw(`
    create function note_search_change() returns trigger language plpgsql ${settings} as $$
    begin
      insert into employee_search_changes as c (employee_id, search_key)
      select id, search_key from (values (old.id, null), (new.id, new.search_key)) changed (id, search_key)
      where id <= (select last_value from employee_search_reserved) and (search_key is not null or old.id <> new.id)
      on conflict (employee_id) do update set search_key = excluded.search_key;
      return null;
    end $$`);
  await knex.raw(`
    create function forget_search_ranges() returns void language plpgsql ${settings} as $$
    declare
      range record;
    begin
      lock table employees in access exclusive mode;
      for range in select table_number from employee_search_ranges order by last_id loop
        execute format('drop table %I', 'employee_search_' || range.table_number);
      end loop;
      delete from employee_search_ranges;
      truncate employee_search_changes;
      -- Unlike setval it is undone with the transaction.
      alter sequence employee_search_reserved restart;
    end $$`);
  await knex.raw(`
    create function clear_search_index() returns trigger language plpgsql ${settings} as $$
    begin
      perform forget_search_ranges();
      return null;
    end $$`);
  await knex.raw(
    `revoke execute on function note_search_changes, note_search_change, forget_search_ranges, clear_search_index from public`,
  );
  await knex.raw(`
    create trigger employees_search_inserted after insert on employees
      referencing new table as changed for each statement execute function note_search_changes()`);
  await knex.raw(`
    create trigger employees_search_updated after update on employees
      for each row when (old.search_key is distinct from new.search_key or old.id <> new.id)
      execute function note_search_change()`);
  await knex.raw(`
    create trigger employees_search_deleted after delete on employees
      referencing old table as changed for each statement execute function note_search_changes()`);
  await knex.raw(`
    create trigger employees_search_truncated after truncate on employees
      for each statement execute function clear_search_index()`);
  await knex.raw(INDEX_EMPLOYEES(settings));
}

/** Below every id. */
const MIN_ID = "'-9223372036854775808'::bigint";
/** Any number, the same in every process: it names the lock of whoever builds a range. */
const LOCK = 0x73656172;

/**
 * Builds the range of ids after `after_id` (null: from the first) up to `until_id`, in place of the ranges that are there.
 * False: somebody else builds one, nobody has the last id or a later one, or a transaction that writes employees does not end.
 * Then nothing has changed.
 *
 * What is in a range when it is built must be all that its ids will ever be, save what `employee_search_changes` says. So
 * first the ids are reserved: who writes one of them from here on notes it. Who had begun before is waited for. Whatever
 * is committed then is in the snapshot that the range is filled from.
 *
 * A change is forgotten only if the range says the same. It is compared as it is when it is deleted, so one that came
 * meanwhile stays.
 */
const INDEX_EMPLOYEES = (settings: string) => `
  create function index_employees(after_id bigint, until_id bigint) returns boolean
  language plpgsql ${settings} set lock_timeout = '200ms' as $$
  declare
    number bigint;
    table_name text;
    indexed bigint;
    writers text[];
    replaced record;
    reader record;
    deadline timestamptz := clock_timestamp() + interval '2 seconds';
  begin
    if not has_table_privilege(session_user, 'employees', 'insert') then
      raise insufficient_privilege using message = 'only who may add employees may index them';
    end if;
    -- Statements after the wait need a newer snapshot than those before.
    if current_setting('transaction_isolation') <> 'read committed' then
      raise 'employees are indexed in read committed transactions, not in %', current_setting('transaction_isolation');
    end if;
    if not pg_try_advisory_xact_lock(${LOCK}) then
      return false;
    end if;
    -- First of all: whoever empties employees takes the sequence after it.
    lock table employees in access share mode;
    if after_id is not null and not exists (select from employee_search_ranges r where r.last_id = after_id)
      or until_id is null or until_id <= after_id
      or until_id < (select max(r.last_id) from employee_search_ranges r)
        and not exists (select from employee_search_ranges r where r.last_id = until_id)
    then
      raise 'no range of the search index can begin after % and end with %', after_id, until_id;
    end if;

    -- Ids that nobody has yet would be reserved for good.
    if not exists (select from employees where id >= until_id)
      and not exists (select from employee_search_ranges r where r.last_id >= until_id) then
      return false;
    end if;
    perform setval('employee_search_reserved', greatest(until_id, (select last_value from employee_search_reserved)));
    select array_agg(virtualtransaction) into writers from pg_locks
    where relation = 'employees'::regclass and database = (select oid from pg_database where datname = current_database())
      and mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
      and granted and pid is distinct from pg_backend_pid();
    while exists (select from pg_locks where relation = 'employees'::regclass and granted
        and mode <> 'AccessShareLock'
        -- Without a process: a prepared transaction, which may have been one of them.
        and (virtualtransaction = any (writers) or pid is null)) loop
      if clock_timestamp() > deadline then
        return false;
      end if;
      perform pg_sleep(0.005);
    end loop;

    number := nextval('employee_search_tables');
    table_name := 'employee_search_' || number;
    -- Left by a dump that was restored over a newer state: no range has it.
    execute format('drop table if exists %I', table_name);
    execute format(
      'create table %I (employee_id bigint not null, search_key text not null) with (autovacuum_enabled = false)', table_name);
    execute format(
      'insert into %I select id, search_key from employees where id > $1 and id <= $2 order by id', table_name
    ) using coalesce(after_id, ${MIN_ID}), until_id;
    get diagnostics indexed = row_count;
    execute format('create index on %I using gin (search_key gin_trgm_ops)', table_name);
    -- Who may read employees may read this.
    for reader in
      select distinct case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end as name
      from pg_class c, aclexplode(c.relacl) a
      where c.oid = 'employees'::regclass and a.privilege_type = 'SELECT' and a.grantee <> c.relowner
    loop
      execute format('grant select on %I to %s', table_name, reader.name);
    end loop;

    -- What somebody is changing right now stays.
    execute format(
      'delete from employee_search_changes c
       using (
         select s.employee_id, r.search_key from employee_search_changes s left join %I r using (employee_id)
         where s.employee_id > $1 and s.employee_id <= $2 for update of s skip locked
       ) said
       where said.employee_id = c.employee_id and said.search_key is not distinct from c.search_key', table_name
    ) using coalesce(after_id, ${MIN_ID}), until_id;
    -- In the order in which searches lock them, so that no two wait for each other. Searches wait meanwhile.
    for replaced in
      select table_number from employee_search_ranges r
      where r.last_id > coalesce(after_id, ${MIN_ID}) and r.last_id <= until_id order by r.last_id
    loop
      execute format('drop table %I', 'employee_search_' || replaced.table_number);
    end loop;
    delete from employee_search_ranges r where r.last_id > coalesce(after_id, ${MIN_ID}) and r.last_id <= until_id;
    insert into employee_search_ranges (last_id, table_number, employees) values (until_id, number, indexed);
    return true;
  end $$`;
