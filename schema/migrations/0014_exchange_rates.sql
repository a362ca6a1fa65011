-- What amounts are worth in the functional and the reporting currency, and by which rates.

-- Every rate that was ever told of a day; the newest version of a source counts for lines formed from then on.
create table control.exchange_rate (
  entity        text        not null,
  org           text        not null,
  from_currency text        not null,
  to_currency   text        not null,
  day           date        not null,
  version       integer     not null,
  rate          numeric     not null,
  inverse       boolean     not null default false,
  source        text        not null,
  rate_set      text,
  provider_day  date,
  recorded_at   timestamptz not null default now(),
  recorded_by   text        not null,

  constraint exchange_rate_key primary key (entity, from_currency, to_currency, day, version),
  constraint exchange_rate_entity foreign key (entity) references control.entity,
  constraint exchange_rate_between_two check (from_currency <> to_currency),
  constraint exchange_rate_positive check (rate > 0),
  constraint exchange_rate_spelled check (from_currency ~ '^[A-Z]{3}$' and to_currency ~ '^[A-Z]{3}$'),
  constraint exchange_rate_source_known check (source in ('custom-exchange-rates', 'ExchangeRate'))
);

comment on column control.exchange_rate.rate is
  'What one unit of from_currency costs in to_currency; with inverse, what one unit of to_currency costs in from_currency.';
comment on column control.exchange_rate.source is 'The reply of GET /v1/custom-exchange-rates, or the exported object.';
comment on column control.exchange_rate.provider_day is 'The day that the provider gave the rate for, where it differs.';
comment on column control.exchange_rate.recorded_by is 'Id of the workflow that brought it.';

select control.protect('control.exchange_rate');
-- What lines were converted by stays: a rate that changes is a new version.
revoke update, delete on control.exchange_rate from revsync_worker;

alter table control.entity add column divides_by_rates boolean;

comment on column control.entity.divides_by_rates is
  'Whether Billing divides amounts by its rates, as far as invoice items showed it; else it multiplies.';

-- What the Ext Sell Price of a line is worth in the functional and in the reporting currency. A line keeps what it was
-- converted by, whatever rates say later.
alter table staging.line
  add column inverse_func_ex_rate      numeric,
  add column func_ex_rate_date         date,
  add column func_ex_rate_source       text,
  add column functional_ext_sell_price numeric,
  add column reporting_currency        text,
  add column global_ex_rate            numeric,
  add column inverse_global_ex_rate    numeric,
  add column global_ex_rate_date       date,
  add column global_ex_rate_source     text,
  add column reporting_ext_sell_price  numeric;

comment on column staging.line.func_ex_rate is 'Transaction to functional currency: the amount is multiplied by it.';
comment on column staging.line.inverse_func_ex_rate is
  'Where the rate was told the other way round: the amount is divided by it, exactly; func_ex_rate is rounded then.';
comment on column staging.line.global_ex_rate is 'Functional to reporting currency.';

-- Lines from before this: a rate that they have is mapped, and some are in their functional currency. Others have no
-- worth yet; those that nobody collected are formed anew by the next run.
update staging.line set func_ex_rate_source = 'template' where func_ex_rate is not null;
update staging.line set func_ex_rate = coalesce(func_ex_rate, 1),
  func_ex_rate_source = coalesce(func_ex_rate_source, 'same currency'),
  functional_ext_sell_price = ext_sell_price, reporting_currency = functional_currency, global_ex_rate = 1,
  global_ex_rate_source = 'same currency', reporting_ext_sell_price = ext_sell_price
where transaction_currency = functional_currency;

-- Which held lines a rate that comes may let go on.
create index hold_by_limitation on staging.hold (entity, limitation);

-- Rates, too, come by the thousand.
create or replace function control.refresh_statistics(target regclass) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
-- A tenth of the usual sample: these tables are wide, and only their keys are joined.
set default_statistics_target = 10
as $$
begin
  if (select relnamespace::regnamespace::text from pg_class where oid = target) in ('control', 'prestaging', 'staging', 'revenue') then
    execute format('analyze %s', target);
  end if;
end
$$;
