-- The enablement as people see it without Temporal: where it stands, what was answered, and what happened when.
-- Its evidence may name any organisation, so that all of it is for workers only.

create table control.enablement (
  enablement  bigint      generated always as identity,
  tenant      text        not null,
  workflow_id text        not null,
  run_id      text        not null,
  named       text,
  forced      boolean     not null default false,
  status      text        not null default 'running',
  awaiting    json,
  kept        smallint[]  not null default '{}',
  ignored     smallint[]  not null default '{}',
  refused     text[]      not null default '{}',
  started_by  text,
  started_at  timestamptz not null default now(),
  ended_at    timestamptz,
  updated_at  timestamptz not null default now(),

  constraint enablement_key primary key (enablement),
  constraint enablement_status_known check (status in ('running', 'waiting', 'completed', 'aborted')),
  constraint enablement_ended_when_over check ((status in ('running', 'waiting')) = (ended_at is null)),
  constraint enablement_awaits_while_open check (awaiting is null or ended_at is null)
);

comment on column control.enablement.run_id is
  'Temporal run id of the workflow that opened it; its later runs go by the id of the enablement.';
comment on column control.enablement.named is 'The tenant''s name, where it was started with one.';
comment on column control.enablement.forced is 'Started although the tenant was live.';
comment on column control.enablement.awaiting is 'The step that waits for a person, its question and the JSON to send; null: none does. As text, since people read its keys in that order.';
comment on column control.enablement.kept is 'Steps whose answers came before they were asked for.';
comment on column control.enablement.ignored is 'Steps that were answered and did not need it.';
comment on column control.enablement.refused is 'Messages that were refused where nobody waited for an answer, newest last.';
comment on column control.enablement.updated_at is 'When its workflow last told where it stands; one that was terminated tells no more.';

create unique index enablement_one_open_per_tenant on control.enablement (tenant) where ended_at is null;
create index enablement_by_owner on control.enablement (workflow_id, run_id);

create table control.enablement_step (
  enablement  bigint      not null,
  step        smallint    not null,
  title       text        not null,
  applies     boolean,
  status      text        not null default 'pending',
  decided_by  text,
  decided_at  timestamptz,
  note        text        not null default '',
  evidence    jsonb,
  answer      jsonb,
  answered_by text,
  answer_note text,

  constraint enablement_step_key primary key (enablement, step),
  constraint enablement_step_of_enablement foreign key (enablement) references control.enablement,
  constraint enablement_step_of_the_source check (step between 1 and 11),
  constraint enablement_step_status_known
    check (status in ('pending', 'waiting', 'running', 'done', 'skipped', 'failed')),
  constraint enablement_step_answer_is_object check (jsonb_typeof(answer) = 'object')
);

comment on column control.enablement_step.applies is 'Whether its condition holds; null: not known yet.';
comment on column control.enablement_step.decided_by is 'Who ended it: a person, or null where it ended by itself.';
comment on column control.enablement_step.answer is 'What was answered and taken so far; null: nothing, or it has to be answered again.';

create table control.enablement_event (
  event      bigint      generated always as identity,
  enablement bigint      not null,
  at         timestamptz not null,
  step       smallint,
  kind       text        not null,
  by         text,
  text       text        not null,
  before     jsonb,
  after      jsonb,

  constraint enablement_event_key primary key (event),
  constraint enablement_event_of_enablement foreign key (enablement) references control.enablement,
  constraint enablement_event_step_of_the_source check (step between 1 and 11)
);

comment on table control.enablement_event is 'Append-only: who did what when, with the values before and after.';
comment on column control.enablement_event.step is 'Null: it is about the enablement as a whole.';

-- An event that is recorded again is the same one.
create unique index enablement_event_once on control.enablement_event
  (enablement, at, coalesce(step, 0), kind, coalesce(by, ''), md5(text));

create function control.keep_enablement_events() returns trigger
language plpgsql
as $$
begin
  raise exception 'What happened in an enablement is neither changed nor deleted.'
    using errcode = 'check_violation', schema = 'control', table = 'enablement_event',
      constraint = 'enablement_event_append_only';
end
$$;

revoke execute on function control.keep_enablement_events() from public;

create trigger enablement_event_append_only before update or delete on control.enablement_event
  for each row execute function control.keep_enablement_events();

do $$
declare
  kept regclass;
begin
  foreach kept in array array['control.enablement', 'control.enablement_step', 'control.enablement_event']::regclass[] loop
    execute format('alter table %s enable row level security', kept);
    execute format('alter table %s force row level security', kept);
    execute format('create policy worker_all on %s to revsync_worker using (true) with check (true)', kept);
    execute format('grant select, insert, update on %s to revsync_worker', kept);
  end loop;
end
$$;

revoke update on control.enablement_event from revsync_worker;
