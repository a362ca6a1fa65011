-- Which transaction types an entity has, and what code derives of bookings beside the mapped fields.

alter table control.entity add column invoice_settlement boolean;

comment on column control.entity.invoice_settlement is
  'Whether credits come as memos (true) or as invoice item adjustments; null until a run has seen which objects Billing exports.';

alter table staging.line
  add column skip_ct_mod   text,
  add column ramp_deal_ref text;

comment on column staging.line.skip_ct_mod is
  'Yes on a booking whose segment was cut short by the one that follows it: its rest is recast, no modification is raised.';

comment on column staging.line.sources is
  'UpdatedDate of every source row the line was formed from: the driver, the template''s joins in order, those of the derivation.';

-- As for the objects behind the other lines: deleted rows are few, and every run looks for lines that stand on them.
create index credit_memo_item_deleted on prestaging.credit_memo_item (entity, changed_run) where deleted;
create index debit_memo_item_deleted on prestaging.debit_memo_item (entity, changed_run) where deleted;
create index credit_memo_deleted on prestaging.credit_memo (entity, changed_run) where deleted;
create index debit_memo_deleted on prestaging.debit_memo (entity, changed_run) where deleted;
create index invoice_item_adjustment_deleted on prestaging.invoice_item_adjustment (entity, changed_run) where deleted;

-- Every run looks for subscriptions that have renewed, for the term number: versions that follow another one, a few.
create index subscription_following on prestaging.subscription (entity, previous_subscription_id)
  where previous_subscription_id is not null;
