-- Transaction lines: what templates form out of pre-staging, whatever holds them, and what was found.

create table staging.transaction_template (
  name       text        not null,
  version    integer     not null,
  type       text        not null,
  entity     text,
  status     text        not null,
  body       jsonb       not null,
  created_at timestamptz not null default now(),
  created_by text        not null,

  constraint transaction_template_key primary key (name, version),
  constraint transaction_template_entity foreign key (entity) references control.entity,
  constraint transaction_template_type_known check (type in ('SO', 'INV', 'IIA', 'CM', 'DM')),
  constraint transaction_template_status_known check (status in ('draft', 'checked', 'frozen', 'default'))
);

comment on column staging.transaction_template.entity is 'Null for the seeded templates, which serve every entity without its own.';

create unique index transaction_template_one_default on staging.transaction_template (type, coalesce(entity, ''))
  where status = 'default';

-- No foreign keys on the tables that hold a row per line: each would run a trigger a row. Their
-- referential closure is proven by a test instead.
--
-- A line never changes once it is here, but for being formed anew while it is not collected.
create table staging.line (
  entity text not null,
  org text not null,
  id text not null,
  type text not null,
  form integer not null default 1,
  source_object text not null,
  source_id text not null,
  template text not null,
  template_version integer not null,
  run bigint not null,
  sources timestamptz[] not null,
  withheld text[],
  business_unit text,
  company_code text,
  customer_number text,
  customer_name text,
  account_id text,
  functional_currency text,
  transaction_currency text,
  rate_plan_id text,
  rate_plan_name text,
  rate_plan_charge_num text,
  rate_plan_charge_name text,
  rate_plan_charge_version numeric,
  rate_plan_charge_model text,
  rate_plan_charge_type text,
  rate_plan_charge_trigger_event text,
  rate_plan_charge_segment numeric,
  rate_plan_charge_id text,
  original_rate_plan_charge_id text,
  product_id text,
  sales_order_date date,
  subscription_id text,
  subscription_name text,
  subscription_version numeric,
  subscription_start_date date,
  subscription_end_date date,
  subscription_owner text,
  invoice_owner text,
  subscription_type text,
  revenue_start_date date,
  revenue_end_date date,
  ordered_qty numeric,
  ext_sell_price numeric,
  deferred_segments text,
  revenue_segments text,
  adjustment_liability_account text,
  adjustment_revenue_account text,
  unbilled_ar_account text,
  contract_asset_account text,
  product_rate_plan_charge_id text,
  product_rate_plan_id text,
  charge_created_date date,
  charge_last_update_date date,
  billing_id text,
  billing_item_id text,
  invoice_num text,
  invoice_date date,
  invoice_qty numeric,
  ext_list_price numeric,
  amendment_id text,
  amendment_type text,
  ramp_id text,
  so_line_id text,
  so_number text,
  so_book_date date,
  sequence_number text,
  term_number numeric,
  duration numeric,
  ct_mod_date date,
  amendment_reason text,
  invoice_line_id text,
  original_so_line_id text,
  original_invoice_line_id text,
  atr1 text,
  atr2 text,
  atr3 text,
  atr4 text,
  atr5 text,
  atr6 text,
  atr7 text,
  atr8 text,
  atr9 text,
  atr10 text,
  atr11 text,
  atr12 text,
  atr13 text,
  atr14 text,
  atr15 text,
  atr16 text,
  atr17 text,
  atr18 text,
  atr19 text,
  atr20 text,
  atr21 text,
  atr22 text,
  atr23 text,
  atr24 text,
  atr25 text,
  atr26 text,
  atr27 text,
  atr28 text,
  atr29 text,
  atr30 text,
  atr31 text,
  atr32 text,
  atr33 text,
  atr34 text,
  atr35 text,
  atr36 text,
  atr37 text,
  atr38 text,
  atr39 text,
  atr40 text,
  atr41 text,
  atr42 text,
  atr43 text,
  atr44 text,
  atr45 text,
  atr46 text,
  atr47 text,
  atr48 text,
  atr49 text,
  atr50 text,
  atr51 text,
  atr52 text,
  atr53 text,
  atr54 text,
  atr55 text,
  atr56 text,
  atr57 text,
  atr58 text,
  atr59 text,
  atr60 text,

  constraint line_key primary key (entity, id),
  constraint line_type_known check (type in ('SO', 'INV', 'CM', 'CM-C', 'CM-RO')),
  constraint line_form_counts_from_one check (form >= 1)
);

comment on column staging.line.form is '1, or the n of a later form of the same source (the id then ends in #n).';
comment on column staging.line.sources is
  'UpdatedDate of every source row the line was formed from, in the order of the template''s joins.';

comment on column staging.line.withheld is 'What held the line when it was formed, each as id or id:detail; null for none.';

create index line_by_source on staging.line (source_id);

-- Where a line stands until it is collected; a collected line has its row in revenue.line instead.
create table staging.line_state (
  entity text not null,
  org text not null,
  id text not null,
  status text not null,

  constraint line_state_key primary key (entity, id),
  constraint line_state_known check (status in ('ready', 'held', 'waiting', 'stopped', 'superseded', 'rejected'))
);

create index line_state_open on staging.line_state (org, status) where status in ('ready', 'waiting');

create table staging.hold (
  hold bigint generated always as identity,
  entity text not null,
  org text not null,
  line text not null,
  limitation text not null,
  kind text not null,
  message text not null,
  remedy text not null,
  since timestamptz not null default now(),

  constraint hold_key primary key (hold),
  constraint hold_once_per_line unique (entity, line, limitation),
  constraint hold_kind_known check (kind in ('limitation', 'withheld', 'validation', 'waiting', 'orphan'))
);

-- What kind of hold an id is, by how it is spelled (interface: hold ids).
create function staging.hold_kind(limitation text) returns text
language sql immutable parallel safe
return case
  when limitation like 'orphan-%' then 'orphan'
  when limitation like 'missing-%' then 'withheld'
  when limitation like 'waits-for-%' then 'waiting'
  else 'limitation'
end;

-- The status of a line that is held by these, each an id or id:detail; null or none means ready.
create function staging.status_of(withheld text[]) returns text
language sql immutable parallel safe
return case
  when withheld is null or cardinality(withheld) = 0 then 'ready'
  when exists (select from unnest(withheld) as w where staging.hold_kind(split_part(w, ':', 1)) = 'limitation') then 'stopped'
  when exists (select from unnest(withheld) as w where staging.hold_kind(split_part(w, ':', 1)) in ('withheld', 'orphan')) then 'held'
  else 'waiting'
end;

grant execute on function staging.hold_kind(text), staging.status_of(text[])
  to revsync_worker, revsync_operator, revsync_reader;

-- The part of its month that lies before a day, as an exact fraction of 1.
create function staging.part_of_month(day date) returns numeric
language sql immutable parallel safe
return case when extract(day from day) = 1 then 0 else
  (extract(day from day) - 1) / extract(day from (date_trunc('month', day) + interval '1 month - 1 day'))
end;

-- Months of [start, end): whole calendar months, and part months by the days of that month.
create function staging.months(start_day date, end_day date) returns numeric
language sql immutable parallel safe
return case when end_day > start_day then round(
  (extract(year from end_day) - extract(year from start_day)) * 12
    + extract(month from end_day) - extract(month from start_day)
    + staging.part_of_month(end_day) - staging.part_of_month(start_day), 6)
end;

grant execute on function staging.part_of_month(date) to revsync_worker, revsync_operator, revsync_reader;
grant execute on function staging.months(date, date) to revsync_worker, revsync_operator, revsync_reader;

grant select, insert, update on staging.transaction_template to revsync_worker;
grant select on staging.transaction_template to revsync_operator, revsync_reader;

select control.protect('staging.line');
select control.protect('staging.line_state');
select control.protect('staging.hold');
