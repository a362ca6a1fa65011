-- Versions that a newer one replaced, and rows that did not fit their types: nothing extracted is lost.

create table prestaging.history (
  entity       text        not null,
  org          text        not null,
  object       text        not null,
  id           text        not null,
  replaced_run bigint      not null,
  updated_date timestamptz,
  fingerprint  bigint      not null,
  content      jsonb       not null,
  replaced_at  timestamptz not null default now()
) partition by range (replaced_at);

comment on table prestaging.history is
  'A version is kept when a field other than its object''s volatile ones changed. Partitioned by month.';

create table prestaging.history_other_months partition of prestaging.history default;
create index history_by_row on prestaging.history (entity, object, id);

-- Makes the month's partition when it is missing. The worker may not create tables, so this runs as the owner.
create function prestaging.ensure_history_month(day date) returns void
language plpgsql security definer
set search_path = prestaging, pg_temp
as $$
declare
  month date := date_trunc('month', day);
  part  text := format('history_%s', to_char(month, 'YYYY_MM'));
begin
  if to_regclass(format('prestaging.%I', part)) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtext('prestaging.history'));
  execute format(
    'create table if not exists prestaging.%I partition of prestaging.history for values from (%L) to (%L)',
    part, month, month + interval '1 month'
  );
end
$$;

revoke execute on function prestaging.ensure_history_month(date) from public;
grant execute on function prestaging.ensure_history_month(date) to revsync_worker;

create table prestaging.reject (
  run         bigint not null,
  entity      text   not null,
  org         text   not null,
  object      text   not null,
  file_row    bigint not null,
  id          text,
  reason      text   not null,
  raw         jsonb  not null,

  constraint reject_key primary key (run, object, file_row),
  constraint reject_run foreign key (run) references control.run
);

comment on column prestaging.reject.file_row is 'Position in the extracted file, the first row after the header being 1.';
comment on column prestaging.reject.raw is 'Every cell of the row as it came, by field name.';

select control.protect('prestaging.history');
select control.protect('prestaging.reject');

-- Statistics decide the plans of the transform, and only a table's owner may refresh them.
create function control.refresh_statistics(target regclass) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
-- A tenth of the usual sample: these tables are wide, and only their keys are joined.
set default_statistics_target = 10
as $$
begin
  if (select relnamespace::regnamespace::text from pg_class where oid = target) in ('prestaging', 'staging', 'revenue') then
    execute format('analyze %s', target);
  end if;
end
$$;

revoke execute on function control.refresh_statistics(regclass) from public;
grant execute on function control.refresh_statistics(regclass) to revsync_worker;
