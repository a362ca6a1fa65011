-- Access, made tight: what row security did not reach yet, and what code alone must not decide.

-- PUBLIC may execute a new function unless it is told otherwise. Who needs one of these has a grant of its own;
-- triggers need none.
revoke execute on all functions in schema control, prestaging, staging, revenue from public;

-- A partition named directly goes by its own row security, not by its parent's.
do $$
declare
  part regclass;
begin
  for part in select inhrelid::regclass from pg_inherits where inhparent = 'prestaging.history'::regclass loop
    execute format('alter table %s enable row level security', part);
    execute format('alter table %s force row level security', part);
  end loop;
end
$$;

create or replace function prestaging.ensure_history_month(day date) returns void
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
  execute format('alter table prestaging.%I enable row level security', part);
  execute format('alter table prestaging.%I force row level security', part);
end
$$;

-- A decision on a line counts by entity and line: an operator decides for entities of the organisation that he says.
create policy entity_of_org on staging.release as restrictive to revsync_operator
  using (true)
  with check ((entity, org) in (select e.entity, e.org from control.entity as e));

-- What an entity has is kept under its organisation: from its first run on, it cannot be mapped to another one.
alter table control.entity add constraint entity_with_org_once unique (entity, org);
alter table control.run
  drop constraint run_entity,
  add constraint run_entity foreign key (entity, org) references control.entity (entity, org);
alter table control.exchange_rate
  drop constraint exchange_rate_entity,
  add constraint exchange_rate_entity foreign key (entity, org) references control.entity (entity, org);
-- What Billing's settings say follows the mapping.
alter table control.billing_setting
  drop constraint billing_setting_entity,
  add constraint billing_setting_entity foreign key (entity, org) references control.entity (entity, org) on update cascade;
