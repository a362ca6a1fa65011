-- Runs of the two jobs, the mark that the next window starts from, and what each run extracted.

create table control.run (
  run            bigint      generated always as identity,
  entity         text        not null,
  org            text        not null,
  state          text        not null default 'open',
  owner_workflow text        not null,
  owner_run      text        not null,
  window_from    timestamptz,
  window_to      timestamptz not null,
  selection      jsonb       not null default '{}',
  moves_mark     boolean     not null default true,
  export_job     text,
  outcome        text,
  opened_at      timestamptz not null default now(),
  closed_at      timestamptz,

  constraint run_key primary key (run),
  constraint run_entity foreign key (entity) references control.entity,
  constraint run_state_known check (state in ('open', 'completed', 'aborted')),
  constraint run_closed_when_not_open check ((state = 'open') = (closed_at is null)),
  constraint run_window_ordered check (window_from is null or window_from <= window_to)
);

comment on column control.run.owner_run is 'Temporal run id of the workflow that opened the run; it alone may go on with it.';
comment on column control.run.moves_mark is 'False for a run over a chosen window, subscription or account.';

create unique index run_one_open_per_entity on control.run (entity) where state = 'open';
create index run_by_owner on control.run (owner_workflow, owner_run);

create table control.mark (
  entity     text        not null,
  org        text        not null,
  high_water timestamptz not null,
  last_run   bigint      not null,

  constraint mark_key primary key (entity),
  constraint mark_entity foreign key (entity) references control.entity,
  constraint mark_run foreign key (last_run) references control.run
);

comment on table control.mark is
  'How far the entity is synced. Moved only in the transaction that completes a run.';

-- One row per object and run: the checkpoint of the load and its counts.
create table control.extract (
  run         bigint  not null,
  org         text    not null,
  object      text    not null,
  file_id     text    not null,
  extracted   bigint  not null,
  changed     bigint  not null,
  unchanged   bigint  not null,
  replaced    bigint  not null,
  rejected    bigint  not null,

  constraint extract_key primary key (run, object),
  constraint extract_run foreign key (run) references control.run,
  constraint extract_adds_up check (extracted = changed + unchanged + replaced + rejected)
);

comment on column control.extract.replaced is
  'Rows of the file that another row of the same file, newer or equal, stands for.';

-- The balance of a run: each extracted row version in exactly one class (design: the balance).
create table control.balance (
  run        bigint  not null,
  org        text    not null,
  object     text    not null,
  currency   text    not null,
  measure    text    not null,
  extracted  numeric not null,
  staged     numeric not null,
  held       numeric not null,
  rejected   numeric not null,
  excluded   numeric not null,
  unchanged  numeric not null,
  reference  numeric not null,
  exclusions jsonb   not null default '{}',

  constraint balance_key primary key (run, object, org, currency, measure),
  constraint balance_run foreign key (run) references control.run,
  constraint balance_measure_known check (measure in ('count', 'amount'))
);

comment on column control.balance.currency is 'Empty for objects that have no currency of their own.';
comment on column control.balance.exclusions is 'Reason -> value; the values add up to excluded.';

create table control.collection (
  collection     bigint      generated always as identity,
  org            text        not null,
  state          text        not null default 'open',
  owner_workflow text        not null,
  owner_run      text        not null,
  outcome        text,
  result         jsonb,
  opened_at      timestamptz not null default now(),
  closed_at      timestamptz,

  constraint collection_key primary key (collection),
  constraint collection_organization foreign key (org) references control.organization,
  constraint collection_state_known check (state in ('open', 'completed', 'aborted')),
  constraint collection_closed_when_not_open check ((state = 'open') = (closed_at is null))
);

create unique index collection_one_open_per_org on control.collection (org) where state = 'open';
create index collection_by_owner on control.collection (owner_workflow, owner_run);

select control.protect('control.run');
select control.protect('control.mark');
select control.protect('control.extract');
select control.protect('control.balance');
select control.protect('control.collection');
