-- What a run reads beside its export: contractual values, custom objects and deleted rows through Data Query,
-- and the keys of everything, which show what vanished. Each has a mark of its own.

alter table control.run
  add column look_back boolean not null default false,
  add column sides     text[]  not null default '{}',
  add column asked     text[]  not null default '{}',
  add column stateful  boolean not null default false;

comment on column control.run.look_back is
  'Reads further back than the mark, for fields that Billing changes without touching UpdatedDate, and compares keys.';
comment on column control.run.asked is
  'Objects that the export was asked for, each with a fingerprint of its columns: what is new is read from the beginning.';
comment on column control.run.stateful is 'Whether Billing itself added what changed since its last job.';
comment on column control.run.sides is 'What the run reads beside its export, as control.side_extract names it.';

alter table control.mark add column looked_back_to timestamptz;

comment on column control.mark.looked_back_to is 'Where the window of the last completed run that looked back ended.';

-- A load leaves one row per object and way it came by.
alter table control.extract
  add column source text not null default 'export',
  drop constraint extract_key,
  add constraint extract_key primary key (run, object, source),
  add constraint extract_source_known check (source in ('export', 'data-query', 'deleted', 'vanished', 'returned'));

comment on column control.extract.source is
  'export: AQuA. data-query: rows by Data Query. deleted: rows that Data Query tells are deleted. vanished: rows whose key is gone. returned: deleted rows whose key is there again.';

create table control.side_extract (
  run         bigint      not null,
  entity      text        not null,
  org         text        not null,
  side        text        not null,
  window_from timestamptz,
  window_to   timestamptz not null,
  state       text        not null default 'open',
  note        text        not null default '',

  constraint side_extract_key primary key (run, side),
  constraint side_extract_run foreign key (run) references control.run,
  constraint side_extract_state_known check (state in ('open', 'done', 'absent', 'skipped'))
);

comment on column control.side_extract.side is
  '`prices`, `deletes`, `keys`, or `custom:<table>`.';

comment on column control.side_extract.state is
  'absent: Billing does not have it for these credentials; as with skipped, the mark stays.';

-- The jobs of a side: asked for once, whatever is retried.
create table control.side_job (
  run         bigint  not null,
  org         text    not null,
  side        text    not null,
  part        text    not null,
  object      text    not null,
  query       text    not null,
  job         text,
  tries       integer not null default 0,
  rows        bigint,
  loaded      boolean not null default false,

  constraint side_job_key primary key (run, side, part),
  constraint side_job_side foreign key (run, side) references control.side_extract
);

comment on column control.side_job.part is 'Names the slice: an object, or a span of time.';

create table control.side_mark (
  entity     text        not null,
  org        text        not null,
  side       text        not null,
  high_water timestamptz not null,

  constraint side_mark_key primary key (entity, side),
  constraint side_mark_entity foreign key (entity) references control.entity
);

comment on table control.side_mark is 'How far a side is read. Moved only in the transaction that completes a run.';

-- Which objects the export can tell deleted rows of, as Billing answered.
create table control.deletes_capability (
  entity    text        not null,
  org       text        not null,
  object    text        not null,
  supported boolean     not null,
  probed_at timestamptz not null default now(),

  constraint deletes_capability_key primary key (entity, object),
  constraint deletes_capability_entity foreign key (entity) references control.entity
);

-- Records of custom objects that templates map: fields as text by name, since only Billing knows their types.
create table prestaging.custom_record (
  entity       text        not null,
  org          text        not null,
  object       text        not null,
  id           text        not null,
  changed_run  bigint      not null,
  fingerprint  bigint      not null,
  deleted      boolean     not null default false,
  updated_date timestamptz,
  content      jsonb       not null,

  constraint custom_record_key primary key (entity, object, id)
);

comment on column prestaging.custom_record.object is 'The table of Data Query: default__<object>__c.';

create index custom_record_changed on prestaging.custom_record (entity, changed_run);

select control.protect('control.side_extract');
select control.protect('control.side_job');
select control.protect('control.side_mark');
select control.protect('control.deletes_capability');
select control.protect('prestaging.custom_record');

alter table control.entity
  add column price_source text,
  add constraint entity_price_source_known check (price_source in ('export', 'data-query', 'none'));

comment on column control.entity.price_source is
  'Where the newest run found contractual values of charges; none: nowhere, so that bookings are held.';
