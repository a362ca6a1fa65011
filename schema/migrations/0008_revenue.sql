-- Revenue contracts: the lines grouped into them and one obligation per SO line.

create table revenue.contract (
  org          text    not null,
  id           text    not null,
  key          text    not null,
  subscription text,
  term         integer not null,
  version      integer not null default 1,

  constraint contract_key primary key (org, id),
  constraint contract_grouping_key unique (org, key),
  constraint contract_organization foreign key (org) references control.organization,
  constraint contract_version_counts_from_one check (version >= 1)
);

comment on column revenue.contract.key is '<subscription or customer number>|<term number>.';

create table revenue.contract_version (
  org        text        not null,
  contract   text        not null,
  version    integer     not null,
  cause      text        not null,
  changes    jsonb       not null,
  collection bigint      not null,
  made_by    text        not null,
  made_at    timestamptz not null default now(),

  constraint contract_version_key primary key (org, contract, version),
  constraint contract_version_contract foreign key (org, contract) references revenue.contract,
  constraint contract_version_collection foreign key (collection) references control.collection
);

-- The promise behind one SO line; it stands at the newest collected version of that line.
create table revenue.obligation (
  org        text    not null,
  so_line_id text    not null,
  contract   text    not null,
  entity     text    not null,
  line       text    not null,
  version    numeric not null,
  amount     numeric not null,
  currency   text    not null,

  constraint obligation_key primary key (org, so_line_id)
);

comment on column revenue.obligation.version is 'Subscription version of the line the obligation stands at.';
create index obligation_by_contract on revenue.obligation (org, contract);

-- A collected line. That a line is here is what makes it collected.
create table revenue.line (
  entity     text   not null,
  org        text   not null,
  line       text   not null,
  type       text   not null,
  contract   text   not null,
  so_line_id text   not null,
  amount     numeric not null,
  currency   text   not null,
  collection bigint not null,

  constraint line_key primary key (entity, line)
);

create index line_by_contract on revenue.line (org, contract);
create index line_by_so_line on revenue.line (org, so_line_id);

select control.protect('revenue.contract');
select control.protect('revenue.contract_version');
select control.protect('revenue.obligation');
select control.protect('revenue.line');

grant insert, update on control.period to revsync_operator;
grant insert on control.decision to revsync_operator;
