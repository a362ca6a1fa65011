-- What was found that a person should know of, though it keeps no line from going on.

create table staging.finding (
  id          bigint      generated always as identity,
  entity      text        not null,
  org         text        not null,
  finding     text        not null,
  object      text        not null,
  source_id   text        not null,
  line        text,
  amount      numeric,
  currency    text,
  detail      jsonb       not null default '{}',
  message     text        not null,
  remedy      text        not null,
  run         bigint      not null,
  since       timestamptz not null default now(),
  resolved_at timestamptz,

  constraint finding_key primary key (id),
  constraint finding_once unique nulls not distinct (entity, finding, object, source_id, line)
);

comment on column staging.finding.source_id is 'The billing row that it is about; object says of what kind.';
comment on column staging.finding.line is 'The line it concerns; null where it concerns none.';
comment on column staging.finding.amount is 'What is at stake, in currency.';
comment on column staging.finding.detail is 'What the finding''s own text does not say: old and new values, the case.';
comment on column staging.finding.since is 'Since when it is so without a break; a finding that comes back starts anew.';
comment on column staging.finding.run is 'The run that found it.';

create index finding_by_line on staging.finding (entity, line);
create index finding_open on staging.finding (entity, finding) where resolved_at is null;

select control.protect('staging.finding');

-- Deleted rows are few: every run looks for lines that stand on them.
create index account_deleted on prestaging.account (entity, changed_run) where deleted;
create index invoice_deleted on prestaging.invoice (entity, changed_run) where deleted;
create index invoice_item_deleted on prestaging.invoice_item (entity, changed_run) where deleted;
create index rate_plan_deleted on prestaging.rate_plan (entity, changed_run) where deleted;
create index rate_plan_charge_deleted on prestaging.rate_plan_charge (entity, changed_run) where deleted;
create index subscription_deleted on prestaging.subscription (entity, changed_run) where deleted;
