-- The switch-over to Invoice Settlement: since when credits count as memos, the history that is brought, and its proof.

alter table control.entity add column settled_on date;

comment on column control.entity.settled_on is
  'The day from which corrections count as memos, in the entity''s time zone; earlier ones count as adjustments. Null: no adjustment counts that is not collected.';

-- Entities that switched before days were kept: memos took over with the first run that asked for them.
update control.entity as e set settled_on = (coalesce(
    (
      select min(r.window_to) from control.run as r
      where r.entity = e.entity and r.state = 'completed'
        and exists (select from unnest(r.asked) as o where split_part(o, ' ', 1) = 'CreditMemo')
    ), (
      select max(r.window_to) + interval '1 day' from staging.line as l join control.run as r on r.run = l.run
      where l.entity = e.entity and l.source_object = 'InvoiceItemAdjustment'
    )
  ) at time zone coalesce((select name from pg_timezone_names where name = e.timezone), 'UTC'))::date
where e.invoice_settlement and e.settled_on is null and exists (
  select from staging.line as l where l.entity = e.entity and l.source_object = 'InvoiceItemAdjustment'
);

create table control.settlement_switch (
  entity       text        not null,
  org          text        not null,
  state        text        not null default 'open',
  frozen_to    timestamptz,
  paused       text[]      not null default '{}',
  resumed      text[]      not null default '{}',
  proof        jsonb,
  opened_at    timestamptz not null default now(),
  closed_at    timestamptz,

  constraint settlement_switch_key primary key (entity),
  constraint settlement_switch_entity foreign key (entity, org) references control.entity (entity, org),
  constraint settlement_switch_state_known check (state in ('open', 'done')),
  constraint settlement_switch_closed_when_done check ((state = 'done') = (closed_at is not null)),
  constraint settlement_switch_done_is_proven check (state = 'open' or proof is not null)
);

comment on table control.settlement_switch is 'One backfill per entity: whoever starts it again goes on with it.';
comment on column control.settlement_switch.frozen_to is
  'End of the history that is brought in chunks; what changes later comes by the ordinary sync. Null until it is planned.';
comment on column control.settlement_switch.paused is 'Schedules that the backfill paused itself.';
comment on column control.settlement_switch.resumed is 'Those of them that run again.';
comment on column control.settlement_switch.proof is
  'Per object, currency and status: count and amount in Billing and here, of what was created before frozen_to.';

-- A chunk is planned before its run is opened.
create table control.settlement_chunk (
  entity      text        not null,
  org         text        not null,
  chunk       integer     not null,
  kind        text        not null,
  window_from timestamptz,
  window_to   timestamptz not null,
  run         bigint,
  memos       bigint,
  items       bigint,

  constraint settlement_chunk_key primary key (entity, chunk),
  constraint settlement_chunk_switch foreign key (entity) references control.settlement_switch,
  constraint settlement_chunk_entity foreign key (entity, org) references control.entity (entity, org),
  constraint settlement_chunk_run_once unique (run),
  constraint settlement_chunk_run_known foreign key (run) references control.run,
  constraint settlement_chunk_kind_known check (kind in ('parents', 'history', 'catch-up')),
  constraint settlement_chunk_counted_when_done check ((run is null) = (memos is null) and (run is null) = (items is null))
);

comment on column control.settlement_chunk.kind is
  'parents: what memos hang on, since the mark. history: memos by UpdatedDate. catch-up: memos that changed meanwhile.';
comment on column control.settlement_chunk.run is 'The completed run that brought it; null: not brought yet.';

-- Memo items that Billing made in place of adjustments. Only one of the two counts.
create table staging.replacement (
  entity      text   not null,
  org         text   not null,
  object      text   not null,
  item        text   not null,
  adjustment  text   not null,
  counts      text   not null,
  changed_run bigint not null,

  constraint replacement_key primary key (entity, object, item),
  constraint replacement_counts_known check (counts in ('adjustment', 'memo', 'undecided', 'late', 'gone', 'both'))
);

comment on column staging.replacement.counts is
  'Which of the two forms a line. undecided: they only look alike, the memo is held for a person. late: so they do, but the memo was collected before the adjustment came, which is held. gone: the memo was rejected for an adjustment that counts no more, it is held again. both: they are two corrections.';

create index replacement_by_adjustment on staging.replacement (entity, adjustment);
create index replacement_changed on staging.replacement (entity, changed_run);

select control.protect('control.settlement_switch');
select control.protect('control.settlement_chunk');
select control.protect('staging.replacement');
