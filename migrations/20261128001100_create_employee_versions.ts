import type { Knex } from 'knex';

/**
 * The version of each employee that a second row has named: the newest row that names it, whether or not that row changed
 * anything. In a table of its own, because a row that changes nothing must not write the employee and its indexes again
 * (docs/decisions/0026-versions-of-employees.md). An employee without an entry has the version that it was inserted with.
 */
export async function up(knex: Knex): Promise<void> {
  // The fillfactor leaves room for updates in place. No foreign key: it would look up the employee at each write.
  await knex.raw(`
    create table employee_versions (
      employee_id bigint primary key,
      received_at timestamptz not null,
      upload_id uuid not null,
      line integer not null,
      -- How often it was written: a writer that saw another number has not seen what came in between.
      writes integer not null
    ) with (fillfactor = 60)`);
  await knex.raw(`
    create view employee_origins as
    select
      e.id,
      coalesce(v.received_at, e.received_at) as received_at,
      coalesce(v.upload_id, e.upload_id) as upload_id,
      coalesce(v.line, e.line) as line
    from employees e left join employee_versions v on v.employee_id = e.id`);
  await forgetRemoved(knex);
  await claimForOthers(knex);
}

async function forgetRemoved(knex: Knex): Promise<void> {
  await knex.raw(`
    create function forget_employee_versions() returns trigger language plpgsql set search_path from current as $$
    begin
      if tg_op = 'TRUNCATE' then
        truncate employee_versions;
      else
        delete from employee_versions v using removed r where v.employee_id = r.id;
      end if;
      return null;
    end $$`);
  await knex.raw(`
    create trigger employee_versions_removed after delete on employees
      referencing old table as removed for each statement execute function forget_employee_versions()`);
  await knex.raw(`
    create trigger employee_versions_truncated after truncate on employees
      for each statement execute function forget_employee_versions()`);
}

/**
 * The consumer of the version before knows nothing of this table: what it writes while both run enters the table here, and
 * an employee that has a newer version is left alone.
 */
async function claimForOthers(knex: Knex): Promise<void> {
  await knex.raw(`
    create function claim_employee_version() returns trigger language plpgsql set search_path from current as $$
    begin
      if exists (
        select from employee_versions v
        where v.employee_id = new.id
          and (v.received_at, v.upload_id, v.line) = (new.received_at, new.upload_id, new.line)
      ) then
        return new;
      end if;
      insert into employee_versions as v (employee_id, received_at, upload_id, line, writes)
      values (new.id, new.received_at, new.upload_id, new.line, 1)
      on conflict (employee_id) do update set
        received_at = excluded.received_at,
        upload_id = excluded.upload_id,
        line = excluded.line,
        writes = v.writes + 1
      where (v.received_at, v.upload_id, v.line) < (excluded.received_at, excluded.upload_id, excluded.line);
      return case when found then new end;
    end $$`);
  await knex.raw(`
    create trigger employees_versioned before update of received_at, upload_id, line on employees
      for each row when (
        (old.received_at, old.upload_id, old.line) is distinct from (new.received_at, new.upload_id, new.line)
      ) execute function claim_employee_version()`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop trigger employees_versioned on employees');
  // Versions move back to where the version before looks for them: only a row that changed nothing has left one here alone.
  await knex.raw(`
    update employees e set
      received_at = v.received_at,
      upload_id = v.upload_id,
      line = v.line,
      content_before = hashtextextended(
        concat_ws(chr(31), e.employee_name, e.company_name, 'mobile_no=' || e.mobile_no), 0
      ),
      name_before = null
    from employee_versions v
    where v.employee_id = e.id and (e.received_at, e.upload_id, e.line) < (v.received_at, v.upload_id, v.line)`);
  await knex.raw('drop trigger employee_versions_truncated on employees');
  await knex.raw('drop trigger employee_versions_removed on employees');
  await knex.raw('drop view employee_origins');
  await knex.raw('drop table employee_versions');
  await knex.raw('drop function claim_employee_version, forget_employee_versions');
}
