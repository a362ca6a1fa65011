-- How far exchangeRateSync has read Billing's table of exchange rates, by pair of currencies.

create table control.rate_mark (
  entity      text not null,
  org         text not null,
  base        text not null,
  currency    text not null,
  synced_from date not null,
  synced_to   date not null,

  constraint rate_mark_key primary key (entity, base, currency),
  constraint rate_mark_entity foreign key (entity, org) references control.entity (entity, org),
  constraint rate_mark_in_order check (synced_from <= synced_to)
);

comment on column control.rate_mark.base is 'The currency that Billing was asked for.';
comment on column control.rate_mark.currency is 'A currency whose rates were looked for in the reply.';
comment on column control.rate_mark.synced_to is
  'The last day that need not be asked for again, but for the overlap: days whose rates may still come lie after it.';

select control.protect('control.rate_mark');
