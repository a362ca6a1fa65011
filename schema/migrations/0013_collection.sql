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
  add column conceded       numeric not null default 0,
  add column lasts_until    date;

comment on column revenue.booking.version is 'Subscription version of the line the booking stands at.';
comment on column revenue.booking.amount is 'Ext Sell Price of the line it stands at.';
comment on column revenue.booking.invoice_driven is 'Booked at zero and lifted by its invoices: usage, and evergreen unless its template says otherwise.';
comment on column revenue.booking.lifted is 'What its collected invoices add to amount.';
comment on column revenue.booking.conceded is
  'What credits of type CM take off the price of amount and lifted: all of them but for what takes back overstated invoices.';
comment on column revenue.booking.lasts_until is
  'First day after, of an evergreen line without an end: the latest service end among its invoices; else the line tells.';

-- Until now all was booked as it came.
update revenue.booking as b set invoice_driven = true
from staging.line as l
left join staging.transaction_template as t on t.name = l.template and t.version = l.template_version
where l.entity = b.entity and l.id = b.line and (
  lower(translate(l.rate_plan_charge_type, ' -_', '')) = 'usage'
  or (upper(l.subscription_type) = 'EVERGREEN' and lower(translate(l.rate_plan_charge_type, ' -_', '')) <> 'onetime'
    and t.body -> 'policies' ->> 'evergreen' is distinct from 'ccv')
);

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
  processing     text,
  accounting     text    not null,
  retain         text    not null,
  entity         text    not null,
  line           text    not null,

  constraint obligation_key primary key (org, id),
  constraint obligation_once_per_charge unique (org, contract, charge),
  constraint obligation_assigned_by_known check (assigned_by in ('rule', 'attributes', 'item', 'automatic')),
  constraint obligation_ratable_method_known check (
    ratable_method in ('Ratable', 'Invoice Ratable', 'Immediate Using Start Date', 'Immediate Using Open Period')
  ),
  constraint obligation_processing_known check (processing in ('by-percent', 'by-amount')),
  constraint obligation_accounting_known check (accounting in ('daily', 'partial-monthly')),
  constraint obligation_retain_known check (retain in ('percent', 'amount'))
);

comment on column revenue.obligation.charge is
  'Original id of the charge whose segments share the promise; a discount belongs to the charge it discounts.';
comment on column revenue.obligation.template is 'Template of the set-up, which is frozen: what follows is copied from it.';
comment on column revenue.obligation.processing is 'What the releasing event tells; null where Zuora''s own events release.';
comment on column revenue.obligation.line is 'The SO line it was assigned by: the first version of the first segment of the charge itself.';

alter table revenue.contract
  alter column term drop not null,
  add column status           text not null default 'open',
  add column origin           text not null default 'collection',
  add column customer         text,
  add column template         text,
  add column template_version integer,
  add column rule             integer,
  add column window_start     date,
  add constraint contract_status_known check (status in ('open', 'closed')),
  add constraint contract_origin_known check (origin in ('collection', 'by-hand'));

-- What a person does to a contract makes a version without a collection.
alter table revenue.contract_version alter column collection drop not null;

-- The changes of a version name their SO line, what was done to it and what else differed.
update revenue.contract_version as v set changes = (
  select jsonb_agg(jsonb_build_object(
    'action', case when e ->> 'was' is null then 'new-so' else 'update-so' end,
    'soLineId', l.so_line_id, 'currency', l.currency, 'orderAction', null, 'category', null, 'skipCtMod', null,
    'fields', '{}'::jsonb) || e order by place)
  from jsonb_array_elements(v.changes) with ordinality as c (e, place)
  left join lateral (
    select so_line_id, currency from revenue.line
    where org = v.org and contract = v.contract and line = e ->> 'line' limit 1
  ) as l on true
)
where jsonb_array_length(v.changes) > 0;

comment on column revenue.contract.rule is 'Seq of the rule of the grouping template that made the contract; null for one made by hand.';
comment on column revenue.contract.window_start is 'Where the rule has a window of days: the day it is counted from. It never moves.';
comment on column revenue.contract.subscription is 'Where it is part of the key, as term and customer are.';
comment on column revenue.contract.key is 'The values its lines are grouped by; for the pre-configured template <subscription or customer number>|<term number>.';

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

-- What contracts depend on, so that recomputing them does not read the wide staged lines.
alter table revenue.line
  add column version numeric not null default 0,
  add column dated   date,
  add column ends    date,
  add column credits text;

comment on column revenue.line.version is 'Subscription version it was booked or billed under.';
comment on column revenue.line.dated is 'Booking date, or invoice date.';
comment on column revenue.line.ends is 'First day after its service period.';
comment on column revenue.line.credits is 'The invoice line that a credit names.';

update revenue.line as r set version = coalesce(l.subscription_version, 0),
  dated = case when l.type = 'SO' then l.so_book_date else l.invoice_date end, ends = l.revenue_end_date,
  credits = 'INV:' || l.original_invoice_line_id
from staging.line as l where l.entity = r.entity and l.id = r.line;

-- SO lines whose billings are to be reckoned with anew, beside those that a collection has lines of.
create table revenue.due_growth (
  org        text not null,
  so_line_id text not null,

  constraint due_growth_key primary key (org, so_line_id)
);

insert into revenue.due_growth (org, so_line_id)
select distinct org, so_line_id from revenue.line where type <> 'SO';

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

comment on column revenue.credit_application.amount is 'What is taken back, signed as the invoice is.';
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
  contract    text,
  reason      text        not null,
  released_by text        not null,
  released_at timestamptz not null default now(),

  constraint release_key primary key (entity, line),
  constraint release_as_known check (released_as in ('correction', 'amendment', 'standalone', 'new-contract', 'rejected'))
);

comment on column staging.release.contract is
  'Of a line released as new-contract: the contract made by hand that it goes to; null for one of its own.';
comment on column staging.release.content is
  'Hash of the line''s fields when it was decided on: a line that comes again with others needs another decision.';

select control.protect('revenue.obligation');
select control.protect('revenue.contract_hold');
select control.protect('revenue.credit_application');
select control.protect('revenue.system_credit');
select control.protect('revenue.due_growth');
select control.protect('staging.release');
grant insert, update on staging.release to revsync_operator;
grant update (status) on staging.line_state to revsync_operator;
grant delete on staging.hold to revsync_operator;

-- Stopped lines are looked at by every collection: the cause may have gone.
drop index staging.line_state_open;
create index line_state_open on staging.line_state (org, status)
  where status in ('ready', 'waiting', 'stopped', 'held');

-- Contracts of other keys are found by the subscriptions of their SO lines.
create index line_by_subscription on staging.line (subscription_name) where type = 'SO';

-- Later forms of lines are few: every sync looks for those of the lines it forms.
create index line_later_form on staging.line (entity, source_object) where form > 1;

alter table control.decision add column request text;
comment on column control.decision.request is
  'What asked for it, where it may be asked twice: an attempt that is repeated decides once.';
create index decision_by_request on control.decision (request) where request is not null;

-- What was collected before had an obligation for each SO line; now the segments of a charge share theirs.
create function revenue.id_of(prefix text, org text, key text) returns text
language sql immutable parallel safe
return prefix || '-' || left(encode(sha256(convert_to(org || '|' || key, 'UTF8')), 'hex'), 12);
grant execute on function revenue.id_of(text, text, text) to revsync_worker, revsync_operator, revsync_reader;

create function revenue.charge_of(so_line_id text) returns text
language sql immutable parallel safe
return case when so_line_id like 'REVSYNC-%' then so_line_id else split_part(so_line_id, '.', 1) end;
grant execute on function revenue.charge_of(text) to revsync_worker, revsync_operator, revsync_reader;

create function revenue.segments_of(so_line_id text) returns numeric[]
language sql immutable parallel safe
return case when so_line_id ~ '^[^.]+\.[0-9]+$' then array[split_part(so_line_id, '.', 2)::numeric]
  when so_line_id ~ '^[^.]+\.[0-9]+\.[^.]+\.[0-9]+$'
  then array[split_part(so_line_id, '.', 2)::numeric, split_part(so_line_id, '.', 4)::numeric]
  else '{}' end;
grant execute on function revenue.segments_of(text) to revsync_worker, revsync_operator, revsync_reader;

comment on function revenue.charge_of(text) is
  'Original id of the charge that an SO line is a segment of; of the discounted charge for a percentage discount.';

comment on function revenue.segments_of(text) is
  'Segment of the charge, and of a percentage discount its own after it; none where the id has another form.';

insert into revenue.obligation (org, id, contract, charge, name, template, assigned_by, setup, setup_version,
  ratable_method, release_event, accounting, retain, entity, line)
select distinct on (b.org, b.contract, c.charge) b.org, revenue.id_of('POB', b.org, b.contract || '|' || c.charge),
  b.contract, c.charge, coalesce(l.rate_plan_charge_name, l.so_number, c.charge),
  case when k.as_billed then 'As Billed' else 'Ratable' end, 'automatic', 'Pre-Configured', 1,
  case when k.as_billed then 'Invoice Ratable' else 'Ratable' end,
  case when k.as_billed then 'Upon Billing' else 'Upon Booking' end, 'daily', 'percent', b.entity, b.line
from revenue.booking as b
left join staging.line as l on l.entity = b.entity and l.id = b.line
cross join lateral (select revenue.charge_of(b.so_line_id) as charge) as c
cross join lateral (select b.invoice_driven
  or coalesce(lower(translate(l.rate_plan_charge_model, ' -_', '')) like 'discountfixed%', false) as as_billed) as k
order by b.org, b.contract, c.charge, cardinality(revenue.segments_of(b.so_line_id)), revenue.segments_of(b.so_line_id);

update revenue.booking set obligation = revenue.id_of('POB', org, contract || '|' || revenue.charge_of(so_line_id));
alter table revenue.booking alter column obligation set not null;

-- Transaction currency to functional currency.
alter table staging.line add column func_ex_rate numeric;
