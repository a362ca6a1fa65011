-- Billing entities, the organisations they are mapped to, and who may see which organisation.

create table control.organization (
  org         text        not null,
  name        text        not null,
  created_at  timestamptz not null default now(),

  constraint organization_key primary key (org),
  constraint organization_org_spelled check (org ~ '^[A-Za-z0-9._-]{1,64}$')
);

create table control.entity (
  entity        text        not null,
  org           text        not null,
  billing_id    text,
  entity_name   text        not null,
  display_name  text        not null,
  parent        text,
  timezone      text,
  home_currency text,
  created_at    timestamptz not null default now(),

  constraint entity_key primary key (entity),
  constraint entity_billing_id_once unique (billing_id),
  constraint entity_organization foreign key (org) references control.organization,
  constraint entity_spelled check (entity ~ '^[A-Za-z0-9._-]{1,64}$'),
  constraint entity_home_currency_iso check (home_currency ~ '^[A-Z]{3}$')
);

comment on column control.entity.entity_name is 'Becomes Company Code.';
comment on column control.entity.display_name is 'Becomes Business Unit.';

create table control.access (
  role_name   name        not null,
  org         text        not null,
  granted_at  timestamptz not null default now(),

  constraint access_key primary key (role_name, org),
  constraint access_organization foreign key (org) references control.organization
);

comment on table control.access is
  'Which organisations a database role sees. A role without a row here sees none.';

-- The organisations of whoever logged in. It looks at session_user, which SET ROLE and settings do not change.
create function control.visible_orgs() returns setof text
language sql stable security definer
set search_path = control, pg_temp
as $$
  select a.org from control.access a
  where exists (
    select from pg_roles r where r.rolname = a.role_name and pg_has_role(session_user, r.oid, 'member')
  )
$$;

revoke execute on function control.visible_orgs() from public;
grant execute on function control.visible_orgs() to revsync_worker, revsync_operator, revsync_reader;

-- Protects a table that has an org column: the worker works on every row, the two human roles
-- see the organisations granted to them. Whoever is none of the three sees nothing.
create function control.protect(target regclass) returns void
language plpgsql
as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy worker_all on %s to revsync_worker using (true) with check (true)', target);
  execute format(
    'create policy visible_orgs on %s to revsync_operator, revsync_reader using (org in (select control.visible_orgs()))',
    target
  );
  execute format('grant select, insert, update, delete on %s to revsync_worker', target);
  execute format('grant select on %s to revsync_operator, revsync_reader', target);
end
$$;

revoke execute on function control.protect(regclass) from public;

select control.protect('control.organization');
select control.protect('control.entity');

-- Who may see what is itself not for readers.
alter table control.access enable row level security;
alter table control.access force row level security;
create policy worker_all on control.access to revsync_worker using (true) with check (true);
grant select, insert, update, delete on control.access to revsync_worker;
