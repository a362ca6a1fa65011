-- Accounting periods, profiles and lookups under their Zuora names, and the decisions people made.

create table control.period (
  org        text        not null,
  period     text        not null,
  status     text        not null,
  changed_at timestamptz not null default now(),
  changed_by text        not null,

  constraint period_key primary key (org, period),
  constraint period_organization foreign key (org) references control.organization,
  constraint period_is_a_month check (period ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
  constraint period_status_known check (status in ('open', 'pending-close', 'closed'))
);

create unique index period_one_open_per_org on control.period (org) where status in ('open', 'pending-close');

create table control.profile (
  name       text        not null,
  value      text        not null,
  changed_at timestamptz not null default now(),
  changed_by text        not null,

  constraint profile_key primary key (name)
);

create table control.lookup (
  lookup     text        not null,
  code       text        not null,
  value      text        not null,
  changed_at timestamptz not null default now(),
  changed_by text        not null,

  constraint lookup_key primary key (lookup, code)
);

insert into control.lookup (lookup, code, value, changed_by)
values ('AUTO_REVENUE_SYNC', 'Auto_Collect', 'Y', 'revsync');

-- Append-only: what a rebuild repeats and an auditor reads.
create table control.decision (
  decision   bigint      generated always as identity,
  org        text        not null,
  kind       text        not null,
  subject    text        not null,
  before     jsonb,
  after      jsonb,
  reason     text        not null,
  decided_by text        not null,
  decided_at timestamptz not null default now(),

  constraint decision_key primary key (decision)
);

select control.protect('control.period');
select control.protect('control.decision');

grant select, insert, update, delete on control.profile, control.lookup to revsync_worker;
grant select on control.profile, control.lookup to revsync_operator, revsync_reader;
revoke update, delete on control.decision from revsync_worker;
