-- A loop runs every few seconds, nearly always for nothing: such runs read little, and leave one row for all of them.

alter table control.run
  add column light      boolean not null default false,
  add column whole      boolean not null default true,
  add column idle_runs  integer not null default 0,
  add column idle_since timestamptz,
  add constraint run_idle_since_when_folded check ((idle_runs = 0) = (idle_since is null));

comment on column control.run.light is 'Opened by a loop: it may do without what needs reading only now and then.';
comment on column control.run.whole is
  'State objects are read whole; false: only those rows whose UpdatedDate says that they changed.';
comment on column control.run.idle_runs is
  'Runs of loops right before this one that brought nothing and are folded into it: as many rows are not there any more.';
comment on column control.run.idle_since is 'When the first of them was opened.';

alter table control.mark add column whole_to timestamptz;

comment on column control.mark.whole_to is
  'Where the window of the last completed run ended that read state objects whole.';

alter table control.collection
  add column idle_collections integer not null default 0,
  add column idle_since       timestamptz,
  add constraint collection_idle_since_when_folded check ((idle_collections = 0) = (idle_since is null));

comment on column control.collection.idle_collections is
  'Collections right before this one that collected nothing, too, and are folded into it.';

-- What refers to a run or a collection keeps it; the newest numbers are asked for, and they lie together.
create index line_of_run on staging.line using brin (run) with (autosummarize = on);
create index history_of_run on prestaging.history using brin (replaced_run) with (autosummarize = on);
create index finding_of_run on staging.finding (run);
create index line_of_collection on revenue.line using brin (collection) with (autosummarize = on);
create index contract_version_of_collection on revenue.contract_version (collection);

-- Whoever works with the database sees whether it is as new as the program.
grant select on public.kysely_migration to revsync_worker, revsync_operator, revsync_reader;
