-- Schemas by stage of the pipeline, and the three database roles that everything else grants to.
-- Roles belong to the whole cluster, so another database of the same cluster may have made them already.

do $$
begin
  if not exists (select from pg_roles where rolname = 'revsync_worker') then
    create role revsync_worker nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'revsync_operator') then
    create role revsync_operator nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'revsync_reader') then
    create role revsync_reader nologin;
  end if;
exception
  -- Two databases of one cluster migrated at the same moment: the other one made the role.
  when duplicate_object or unique_violation then null;
end
$$;

-- Row security is forced, so the owner of the tables works as the worker does: by membership.
do $$
begin
  if not pg_has_role(current_user, 'revsync_worker', 'usage') then
    execute format('grant revsync_worker to %I', current_user);
  end if;
end
$$;

create schema control;
create schema prestaging;
create schema staging;
create schema revenue;

comment on schema control is 'Runs, marks, balances, periods, entities and organisations, settings, audit.';
comment on schema prestaging is 'One typed table per Billing object, as Billing has it, and every version it replaced.';
comment on schema staging is 'Transaction lines formed by templates, and what holds them.';
comment on schema revenue is 'Revenue contracts, obligations and the lines collected into them.';

grant usage on schema control, prestaging, staging, revenue to revsync_worker, revsync_operator, revsync_reader;

do $$
begin
  execute format('grant temporary on database %I to revsync_worker', current_database());
end
$$;
