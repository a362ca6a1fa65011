-- What Billing's settings say, the profiles and lookups that follow from them, and who changed what.

-- Per entity: settings differ between entities. A value that Billing does not tell is null, and so is `fits`.
create table control.billing_setting (
  entity   text        not null,
  org      text        not null,
  kind     text        not null,
  name     text        not null,
  setting  text        not null,
  value    text,
  required text,
  fits     boolean,
  read_at  timestamptz not null default now(),

  constraint billing_setting_key primary key (entity, kind, name),
  constraint billing_setting_entity foreign key (entity) references control.entity,
  constraint billing_setting_kind_known check (kind in ('rule', 'feature'))
);

comment on column control.billing_setting.setting is 'Key and field of GET /settings; of a feature, how it was told.';
comment on column control.billing_setting.value is 'As Billing spells it; of a feature on or off.';
comment on column control.billing_setting.read_at is 'Since when it is known to be so.';

select control.protect('control.billing_setting');

-- What a person set stays; what followed from Billing may follow it again.
alter table control.profile add column by_hand boolean not null default false;
alter table control.lookup
  add column by_hand boolean not null default false,
  add column org     text;

comment on column control.lookup.org is 'The organisation that the code is about; null: none, everybody may see it.';

select control.protect('control.lookup');
create policy of_no_org on control.lookup for select to revsync_operator, revsync_reader using (org is null);

-- Append-only: every write of a profile, a lookup, a setting as Billing told it, the tenant's name.
create table control.setting_change (
  change       bigint      generated always as identity,
  kind         text        not null,
  name         text        not null,
  code         text,
  entity       text,
  org          text,
  before       text,
  after        text,
  reason       text        not null,
  changed_at   timestamptz not null default now(),
  changed_by   text        not null,
  workflow_run text,

  constraint setting_change_key primary key (change),
  constraint setting_change_kind_known check (kind in ('profile', 'lookup', 'billing-setting', 'tenant-name'))
);

comment on column control.setting_change.workflow_run is 'The workflow run that changed it; null: a person did.';

create index setting_change_of_run on control.setting_change (workflow_run) where workflow_run is not null;

select control.protect('control.setting_change');
create policy of_no_org on control.setting_change for select to revsync_operator, revsync_reader using (org is null);
revoke update, delete on control.setting_change from revsync_worker;

-- What the enablement answered; REVSYNC_TENANT_NAME goes before it.
create table control.tenant_name (
  single     boolean     not null default true,
  name       text        not null,
  changed_at timestamptz not null default now(),
  changed_by text        not null,

  constraint tenant_name_key primary key (single),
  constraint tenant_name_single check (single)
);

grant select, insert, update, delete on control.tenant_name to revsync_worker;
grant select on control.tenant_name to revsync_operator, revsync_reader;

-- "After you have set your home currency, you cannot change it" (enablement, step 3): nor can anybody here.
create function control.keep_home_currency() returns trigger
language plpgsql
as $$
begin
  raise exception 'The home currency of entity % is %; once set it does not change.', old.entity, old.home_currency
    using errcode = 'check_violation', schema = 'control', table = 'entity', column = 'home_currency',
      constraint = 'entity_home_currency_immutable';
end
$$;

create trigger entity_home_currency_immutable before update on control.entity
  for each row when (old.home_currency is not null and new.home_currency is distinct from old.home_currency)
  execute function control.keep_home_currency();

-- An entity that were deleted and recorded anew could have another one.
revoke delete on control.entity from revsync_worker;

-- What is found of an entity is found by no run.
alter table staging.finding alter column run drop not null;

comment on column staging.finding.run is 'The run that found it; null: found while no run was open.';
