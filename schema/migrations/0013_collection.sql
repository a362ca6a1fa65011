-- What Data Collection goes by, and what it makes of the lines it collects.

-- Grouping templates, obligation set-ups and validation rules: made by people, versioned, frozen before use.
create table revenue.setup (
  kind       text        not null,
  name       text        not null,
  version    integer     not null,
  org        text,
  status     text        not null default 'draft',
  seeded     boolean     not null default false,
  body       jsonb       not null,
  mistakes   jsonb,
  created_at timestamptz not null default now(),
  created_by text        not null,
  changed_at timestamptz not null default now(),
  changed_by text        not null,

  constraint setup_key primary key (kind, name, version),
  constraint setup_kind_known check (kind in ('grouping', 'obligations', 'validation')),
  constraint setup_status_known check (status in ('draft', 'checked', 'frozen', 'default')),
  constraint setup_version_counts_from_one check (version >= 1),
  constraint setup_checked_clean check (status <> 'checked' or coalesce(mistakes = '[]', false))
);

comment on column revenue.setup.org is 'Null serves every organisation that has none of its own.';
comment on column revenue.setup.seeded is 'Follows revsync''s own code; people''s versions are not touched by it.';

create unique index setup_one_default on revenue.setup (kind, coalesce(org, '')) where status = 'default';

create function revenue.keep_setup_life_cycle() returns trigger
language plpgsql
as $$
declare
  version text := format('%s "%s", version %s,', initcap(old.kind), old.name, old.version);
begin
  if old.status in ('frozen', 'default') then
    if tg_op = 'DELETE' then
      raise exception '% is frozen and stays.', version
        using errcode = 'check_violation', constraint = 'setup_frozen_stays';
    end if;
    if row(new.kind, new.name, new.version, new.org, new.seeded, new.body, new.created_at, new.created_by)
      is distinct from
      row(old.kind, old.name, old.version, old.org, old.seeded, old.body, old.created_at, old.created_by)
    then
      raise exception '% is frozen and never changes.', version
        using errcode = 'check_violation', constraint = 'setup_frozen_never_changes';
    end if;
  end if;
  if tg_op = 'DELETE' then return old; end if;
  if new.status <> old.status and (old.status, new.status) not in (
    ('draft', 'checked'), ('checked', 'draft'), ('checked', 'frozen'), ('frozen', 'default'), ('default', 'frozen')
  ) then
    raise exception '% cannot become % from %.', version, new.status, old.status
      using errcode = 'check_violation', constraint = 'setup_life_cycle';
  end if;
  return new;
end
$$;

create trigger setup_life_cycle before update or delete on revenue.setup
  for each row execute function revenue.keep_setup_life_cycle();

alter table revenue.setup enable row level security;
alter table revenue.setup force row level security;
create policy worker_all on revenue.setup to revsync_worker using (true) with check (true);
create policy visible_orgs on revenue.setup to revsync_operator, revsync_reader
  using (org is null or org in (select control.visible_orgs()));
grant select, insert, update, delete on revenue.setup to revsync_worker;
grant select on revenue.setup to revsync_operator, revsync_reader;

-- A booking is an SO line as it stands; an obligation is the promise behind one or more of them.
alter table revenue.obligation rename to booking;
alter table revenue.booking rename constraint obligation_key to booking_key;
alter index revenue.obligation_by_contract rename to booking_by_contract;

alter table revenue.booking
  add column obligation     text,
  add column invoice_driven boolean not null default false,
  add column lifted         numeric not null default 0,
  add column lasts_until    date;

comment on column revenue.booking.version is 'Subscription version of the line the booking stands at.';
comment on column revenue.booking.amount is 'Ext Sell Price of the line it stands at.';
comment on column revenue.booking.invoice_driven is 'Booked at zero and lifted by its invoices: usage, and evergreen unless its template says otherwise.';
comment on column revenue.booking.lifted is 'What its collected invoices add to amount.';
comment on column revenue.booking.lasts_until is 'First day after, where invoices tell: the latest service end among them; else the line tells.';

create table revenue.obligation (
  org            text    not null,
  id             text    not null,
  contract       text    not null,
  charge         text    not null,
  name           text    not null,
  template       text    not null,
  assigned_by    text    not null,
  setup          text    not null,
  setup_version  integer not null,
  ratable_method text    not null,
  release_event  text    not null,

  constraint obligation_key primary key (org, id),
  constraint obligation_once_per_charge unique (org, contract, charge),
  constraint obligation_assigned_by_known check (assigned_by in ('rule', 'attributes', 'item', 'automatic')),
  constraint obligation_ratable_method_known check (
    ratable_method in ('Ratable', 'Invoice Ratable', 'Immediate Using Start Date', 'Immediate Using Open Period')
  )
);

comment on column revenue.obligation.charge is
  'Original id of the charge whose segments share the promise; a discount belongs to the charge it discounts.';

alter table revenue.contract
  add column status           text not null default 'open',
  add column origin           text not null default 'collection',
  add column customer         text,
  add column template         text,
  add column template_version integer,
  add column rule             integer,
  add column window_start     date,
  add constraint contract_status_known check (status in ('open', 'closed')),
  add constraint contract_origin_known check (origin in ('collection', 'by-hand'));

comment on column revenue.contract.rule is 'Seq of the rule of the grouping template that made the contract; null for one made by hand.';
comment on column revenue.contract.window_start is 'Where the rule has a window of days: the first date in it.';

create table revenue.contract_hold (
  org         text        not null,
  contract    text        not null,
  hold        text        not null,
  reason      text        not null,
  applied_by  text        not null,
  applied_at  timestamptz not null default now(),

  constraint contract_hold_key primary key (org, contract, hold),
  constraint contract_hold_known check (hold in ('revenue', 'transfer'))
);

-- Which invoices a credit takes back.
create table revenue.credit_application (
  org           text    not null,
  so_line_id    text    not null,
  credit_entity text    not null,
  credit        text    not null,
  invoice_entity text   not null,
  invoice       text    not null,
  amount        numeric not null,
  referenced    boolean not null,

  constraint credit_application_key primary key (org, credit_entity, credit, invoice_entity, invoice),
  constraint credit_application_takes_something check (amount <> 0)
);

comment on column revenue.credit_application.referenced is 'Whether the credit names the invoice line; else the latest invoice is consumed first.';
create index credit_application_by_so_line on revenue.credit_application (org, so_line_id);

-- Credits that the integration makes itself; they have no effect on receivables.
create table revenue.system_credit (
  org        text    not null,
  so_line_id text    not null,
  type       text    not null,
  contract   text    not null,
  amount     numeric not null,
  currency   text    not null,
  cause      text    not null,

  constraint system_credit_key primary key (org, so_line_id, type),
  constraint system_credit_type_known check (type in ('CM-C', 'CM-RO')),
  constraint system_credit_takes_something check (amount <> 0)
);

create index system_credit_by_contract on revenue.system_credit (org, contract);

-- What a person decided on a line that was stopped.
create table staging.release (
  entity      text        not null,
  org         text        not null,
  line        text        not null,
  released_as text        not null,
  content     text        not null,
  reason      text        not null,
  released_by text        not null,
  released_at timestamptz not null default now(),

  constraint release_key primary key (entity, line),
  constraint release_as_known check (released_as in ('correction', 'amendment', 'standalone', 'new-contract', 'rejected'))
);

comment on column staging.release.content is
  'Hash of the line''s fields when it was decided on: a line that comes again with others needs another decision.';

select control.protect('revenue.obligation');
select control.protect('revenue.contract_hold');
select control.protect('revenue.credit_application');
select control.protect('revenue.system_credit');
select control.protect('staging.release');

-- What was collected before had an obligation for each SO line; now the segments of a charge share theirs.
create function revenue.id_of(prefix text, org text, key text) returns text
language sql immutable parallel safe
return prefix || '-' || left(encode(sha256(convert_to(org || '|' || key, 'UTF8')), 'hex'), 12);
grant execute on function revenue.id_of(text, text, text) to revsync_worker, revsync_operator, revsync_reader;

create function revenue.charge_of(so_line_id text) returns text
language sql immutable parallel safe
return case when so_line_id like 'REVSYNC-%' then so_line_id else split_part(so_line_id, '.', 1) end;
grant execute on function revenue.charge_of(text) to revsync_worker, revsync_operator, revsync_reader;

comment on function revenue.charge_of(text) is
  'Original id of the charge that an SO line is a segment of; of the discounted charge for a percentage discount.';

insert into revenue.obligation (org, id, contract, charge, name, template, assigned_by, setup, setup_version,
  ratable_method, release_event)
select b.org, revenue.id_of('POB', b.org, b.contract || '|' || revenue.charge_of(b.so_line_id)), b.contract,
  revenue.charge_of(b.so_line_id), revenue.charge_of(b.so_line_id), 'Automatic', 'automatic', 'Pre-Configured', 1,
  'Ratable', 'Upon Booking'
from revenue.booking as b
group by b.org, b.contract, revenue.charge_of(b.so_line_id);

update revenue.booking set obligation = revenue.id_of('POB', org, contract || '|' || revenue.charge_of(so_line_id));
alter table revenue.booking alter column obligation set not null;
