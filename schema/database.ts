import type { ColumnType, Generated, JSONColumnType } from 'kysely';

import type { JsonObject } from '../src/domain/enablement/step.ts';
import type { AwaitingView, EnablementView, StepStatus } from '../src/domain/enablement/view.ts';

/** A `numeric` or `bigint` column: text both ways, so that no amount or count passes through a float. */
type Exact = string;
/** An instant the database sets by default; read and written as ISO text with offset. */
type Clock = ColumnType<string, string | undefined, string>;
type Json<Value extends object> = JSONColumnType<Value>;
type JsonOrNull<Value extends object> = ColumnType<Value | null, string | null | undefined, string | null>;

interface OrganizationTable {
  org: string;
  name: string;
  created_at: Clock;
}

/** Where contractual values of charges come from. */
export type PriceSource = 'export' | 'data-query' | 'none';

interface EntityTable {
  entity: string;
  org: string;
  billing_id: string | null;
  entity_name: string;
  display_name: string;
  parent: string | null;
  timezone: string | null;
  home_currency: string | null;
  created_at: Clock;
  price_source: ColumnType<PriceSource | null, PriceSource | null | undefined, PriceSource | null>;
  invoice_settlement: ColumnType<boolean | null, boolean | null | undefined, boolean | null>;
  settled_on: ColumnType<string | null, string | null | undefined, string | null>;
  divides_by_rates: ColumnType<boolean | null, boolean | null | undefined, boolean | null>;
}

interface ExchangeRateTable {
  entity: string;
  org: string;
  from_currency: string;
  to_currency: string;
  day: string;
  version: number;
  rate: string;
  inverse: Generated<boolean>;
  source: 'custom-exchange-rates' | 'ExchangeRate';
  rate_set: string | null;
  provider_day: string | null;
  recorded_at: Generated<string>;
  recorded_by: string;
}

interface RateMarkTable {
  entity: string;
  org: string;
  base: string;
  currency: string;
  synced_from: string;
  synced_to: string;
}

/** Of what was created before the history's end: count and amount in Billing and in pre-staging, as exact text. */
export interface SettlementProof {
  readonly object: string;
  readonly currency: string | null;
  readonly status: string | null;
  readonly billing: { readonly count: string; readonly amount: string };
  readonly prestaging: { readonly count: string; readonly amount: string };
  readonly equal: boolean;
}

interface SettlementSwitchTable {
  entity: string;
  org: string;
  state: ColumnType<'open' | 'done', 'open' | undefined, 'open' | 'done'>;
  frozen_to: string | null;
  paused: Generated<string[]>;
  resumed: Generated<string[]>;
  proof: JSONColumnType<SettlementProof[], string | null | undefined, string | null> | null;
  opened_at: Clock;
  closed_at: string | null;
}

interface SettlementChunkTable {
  entity: string;
  org: string;
  chunk: number;
  kind: 'parents' | 'history' | 'catch-up';
  window_from: string | null;
  window_to: string;
  run: Exact | null;
  memos: Exact | null;
  items: Exact | null;
}

interface ReplacementTable {
  entity: string;
  org: string;
  object: string;
  item: string;
  adjustment: string;
  counts: 'adjustment' | 'memo' | 'undecided' | 'both';
  changed_run: Exact;
}

interface AccessTable {
  role_name: string;
  org: string;
  granted_at: Clock;
}

type RunSelection = Readonly<{ subscription?: string; account?: string; objects?: readonly string[] }>;

interface RunTable {
  run: Generated<Exact>;
  entity: string;
  org: string;
  state: ColumnType<'open' | 'completed' | 'aborted', 'open' | undefined, 'completed' | 'aborted'>;
  owner_workflow: string;
  owner_run: string;
  window_from: string | null;
  window_to: string;
  selection: Json<RunSelection>;
  moves_mark: boolean;
  look_back: boolean;
  sides: string[];
  asked: string[];
  stateful: Generated<boolean>;
  export_job: string | null;
  outcome: string | null;
  opened_at: Clock;
  closed_at: string | null;
  rules: Generated<string | null>;
  light: Generated<boolean>;
  whole: Generated<boolean>;
  idle_runs: Generated<number>;
  idle_since: Generated<string | null>;
}

interface MarkTable {
  entity: string;
  org: string;
  high_water: string;
  last_run: Exact;
  looked_back_to: string | null;
  whole_to: Generated<string | null>;
}

/** How rows of a run came: by AQuA, by Data Query, as told deletions, or as keys that are gone or back. */
export type ExtractSource = 'export' | 'data-query' | 'deleted' | 'vanished' | 'returned';

interface ExtractTable {
  run: Exact;
  org: string;
  object: string;
  source: ColumnType<ExtractSource, ExtractSource | undefined, ExtractSource>;
  file_id: string;
  extracted: Exact;
  changed: Exact;
  unchanged: Exact;
  replaced: Exact;
  rejected: Exact;
}

interface SideExtractTable {
  run: Exact;
  entity: string;
  org: string;
  side: string;
  window_from: string | null;
  window_to: string;
  state: ColumnType<SideState, SideState | undefined, SideState>;
  note: ColumnType<string, string | undefined, string>;
}
type SideState = 'open' | 'done' | 'absent' | 'skipped';

interface SideJobTable {
  run: Exact;
  org: string;
  side: string;
  part: string;
  object: string;
  query: string;
  job: string | null;
  tries: Generated<number>;
  rows: Exact | null;
  loaded: ColumnType<boolean, boolean | undefined, boolean>;
}

interface SideMarkTable {
  entity: string;
  org: string;
  side: string;
  high_water: string;
}

interface DeletesCapabilityTable {
  entity: string;
  org: string;
  object: string;
  supported: boolean;
  probed_at: Clock;
}

interface CustomRecordTable {
  entity: string;
  org: string;
  object: string;
  id: string;
  changed_run: Exact;
  fingerprint: Exact;
  deleted: boolean;
  updated_date: string | null;
  content: Json<object>;
}

interface BalanceTable {
  run: Exact;
  org: string;
  object: string;
  currency: string;
  measure: 'count' | 'amount';
  extracted: Exact;
  staged: Exact;
  held: Exact;
  rejected: Exact;
  excluded: Exact;
  unchanged: Exact;
  reference: Exact;
  exclusions: Json<Record<string, string>>;
}

interface CollectionTable {
  collection: Generated<Exact>;
  org: string;
  state: ColumnType<'open' | 'completed' | 'aborted', 'open' | undefined, 'completed' | 'aborted'>;
  owner_workflow: string;
  owner_run: string;
  outcome: string | null;
  result: JSONColumnType<Record<string, string>> | null;
  opened_at: Clock;
  closed_at: string | null;
  idle_collections: Generated<number>;
  idle_since: Generated<string | null>;
}

interface PeriodTable {
  org: string;
  period: string;
  status: 'open' | 'pending-close' | 'closed';
  changed_at: Clock;
  changed_by: string;
}

interface ProfileTable {
  name: string;
  value: string;
  changed_at: Clock;
  changed_by: string;
  by_hand: Generated<boolean>;
}

interface LookupTable {
  lookup: string;
  code: string;
  value: string;
  changed_at: Clock;
  changed_by: string;
  by_hand: Generated<boolean>;
  org: ColumnType<string | null, string | null | undefined, string | null>;
}

interface BillingSettingTable {
  entity: string;
  org: string;
  kind: 'rule' | 'feature';
  name: string;
  setting: string;
  value: string | null;
  required: string | null;
  fits: boolean | null;
  read_at: Clock;
}

interface SettingChangeTable {
  change: Generated<Exact>;
  kind: 'profile' | 'lookup' | 'billing-setting' | 'tenant-name';
  name: string;
  code: string | null;
  entity: string | null;
  org: string | null;
  before: string | null;
  after: string | null;
  reason: string;
  changed_at: Clock;
  changed_by: string;
  workflow_run: string | null;
}

interface TenantNameTable {
  single: Generated<boolean>;
  name: string;
  changed_at: Clock;
  changed_by: string;
}

interface DecisionTable {
  decision: Generated<Exact>;
  org: string;
  kind: string;
  subject: string;
  before: JSONColumnType<object> | null;
  after: JSONColumnType<object> | null;
  reason: string;
  decided_by: string;
  decided_at: Clock;
  request: ColumnType<string | null, string | null | undefined, never>;
}

interface RejectTable {
  run: Exact;
  entity: string;
  org: string;
  object: string;
  file_row: Exact;
  id: string | null;
  reason: string;
  raw: Json<Record<string, string | null>>;
}

interface TransactionTemplateTable {
  name: string;
  version: number;
  type: 'SO' | 'INV' | 'IIA' | 'CM' | 'DM';
  entity: string | null;
  status: 'draft' | 'checked' | 'frozen' | 'default';
  body: Json<object>;
  created_at: Clock;
  created_by: string;
  seeded: ColumnType<boolean, boolean | undefined, boolean>;
  mistakes: JSONColumnType<object[]> | null;
  changed_at: Clock;
  changed_by: string;
}

export type LineType = 'SO' | 'INV' | 'CM' | 'CM-C' | 'CM-RO';

/** Only the columns that code names; the staging fields follow src/domain/mapping/staging-fields.ts. */
interface LineTable {
  entity: string;
  org: string;
  id: string;
  type: LineType;
  form: number;
  source_object: string;
  source_id: string;
  template: string;
  template_version: number;
  run: Exact;
  sources: (string | null)[];
  withheld: string[] | null;
  customer_number: string | null;
  transaction_currency: string | null;
  subscription_name: string | null;
  subscription_version: Exact | null;
  so_line_id: string | null;
  so_book_date: string | null;
  invoice_date: string | null;
  ext_sell_price: Exact | null;
  term_number: Exact | null;
}

interface LineStateTable {
  entity: string;
  org: string;
  id: string;
  status: 'ready' | 'held' | 'waiting' | 'stopped' | 'superseded' | 'rejected';
}

interface HoldTable {
  hold: Generated<Exact>;
  entity: string;
  org: string;
  line: string;
  limitation: string;
  kind: 'limitation' | 'withheld' | 'validation' | 'waiting' | 'orphan';
  message: string;
  remedy: string;
  since: Clock;
}

interface FindingTable {
  id: Generated<Exact>;
  entity: string;
  org: string;
  finding: string;
  object: string;
  source_id: string;
  line: string | null;
  amount: Exact | null;
  currency: string | null;
  detail: Json<object>;
  message: string;
  remedy: string;
  run: Exact | null;
  since: Clock;
  resolved_at: string | null;
}

interface ContractTable {
  org: string;
  id: string;
  key: string;
  subscription: string | null;
  term: number | null;
  version: number;
  status: ColumnType<'open' | 'closed', 'open' | 'closed' | undefined, 'open' | 'closed'>;
  origin: ColumnType<'collection' | 'by-hand', 'collection' | 'by-hand' | undefined, never>;
  customer: string | null;
  template: string | null;
  template_version: number | null;
  rule: number | null;
  window_start: string | null;
}

/** What revenue.setup keeps versions of. */
export type SetupKind = 'grouping' | 'obligations' | 'validation';

interface SetupTable {
  kind: SetupKind;
  name: string;
  version: number;
  org: string | null;
  status: ColumnType<
    'draft' | 'checked' | 'frozen' | 'default',
    'draft' | 'checked' | 'frozen' | undefined,
    'draft' | 'checked' | 'frozen' | 'default'
  >;
  seeded: Generated<boolean>;
  body: Json<object>;
  mistakes: Json<object> | null;
  created_at: Clock;
  created_by: string;
  changed_at: Clock;
  changed_by: string;
}

interface ContractHoldTable {
  org: string;
  contract: string;
  hold: 'revenue' | 'transfer';
  reason: string;
  applied_by: string;
  applied_at: Clock;
}

interface CreditApplicationTable {
  org: string;
  so_line_id: string;
  credit_entity: string;
  credit: string;
  invoice_entity: string;
  invoice: string;
  amount: Exact;
  referenced: boolean;
}

interface DueGrowthTable {
  org: string;
  so_line_id: string;
}

interface SystemCreditTable {
  org: string;
  so_line_id: string;
  type: 'CM-C' | 'CM-RO';
  contract: string;
  amount: Exact;
  currency: string;
  cause: string;
}

/** What a stopped line is released as; `rejected` is none. */
export type ReleasedAs = 'correction' | 'amendment' | 'standalone' | 'new-contract' | 'rejected';

interface ReleaseTable {
  entity: string;
  org: string;
  line: string;
  released_as: ReleasedAs;
  content: string;
  contract: string | null;
  reason: string;
  released_by: string;
  released_at: Clock;
}

interface ContractVersionTable {
  org: string;
  contract: string;
  version: number;
  cause: string;
  changes: Json<object>;
  /** Null for what a person did to the contract. */
  collection: Exact | null;
  made_by: string;
  made_at: Clock;
}

interface BookingTable {
  org: string;
  so_line_id: string;
  contract: string;
  entity: string;
  line: string;
  version: Exact;
  amount: Exact;
  currency: string;
  obligation: string;
  invoice_driven: Generated<boolean>;
  lifted: Generated<Exact>;
  conceded: Generated<Exact>;
  lasts_until: string | null;
}

interface ObligationTable {
  org: string;
  id: string;
  contract: string;
  charge: string;
  name: string;
  template: string;
  assigned_by: 'rule' | 'attributes' | 'item' | 'automatic';
  setup: string;
  setup_version: number;
  ratable_method: string;
  release_event: string;
  processing: 'by-percent' | 'by-amount' | null;
  accounting: 'daily' | 'partial-monthly';
  retain: 'percent' | 'amount';
  entity: string;
  line: string;
}

interface CollectedLineTable {
  entity: string;
  org: string;
  line: string;
  type: LineType;
  contract: string;
  so_line_id: string;
  amount: Exact;
  currency: string;
  collection: Exact;
  version: Generated<Exact>;
  dated: string | null;
  ends: string | null;
  credits: string | null;
}

interface EnablementTable {
  enablement: Generated<Exact>;
  tenant: string;
  workflow_id: string;
  run_id: string;
  named: string | null;
  forced: boolean;
  status: Generated<EnablementView['status']>;
  awaiting: JsonOrNull<AwaitingView>;
  kept: Generated<number[]>;
  ignored: Generated<number[]>;
  refused: Generated<string[]>;
  started_by: string | null;
  started_at: Clock;
  ended_at: ColumnType<string | null, string | null | undefined, string | null>;
  updated_at: ColumnType<string, string | undefined, string>;
}

interface EnablementStepTable {
  enablement: Exact;
  step: number;
  title: string;
  applies: boolean | null;
  status: Generated<StepStatus>;
  decided_by: ColumnType<string | null, string | null | undefined, string | null>;
  decided_at: ColumnType<string | null, string | null | undefined, string | null>;
  note: Generated<string>;
  evidence: JsonOrNull<JsonObject>;
  answer: JsonOrNull<JsonObject>;
  answered_by: ColumnType<string | null, string | null | undefined, string | null>;
  answer_note: ColumnType<string | null, string | null | undefined, string | null>;
}

interface EnablementEventTable {
  event: Generated<Exact>;
  enablement: Exact;
  at: string;
  step: number | null;
  kind: string;
  by: string | null;
  text: string;
  before: JsonOrNull<JsonObject>;
  after: JsonOrNull<JsonObject>;
}

/**
 * The tables that queries name, as `schema/migrations` makes them; a test compares the two. The
 * pre-staging tables are not here: they follow from the object catalogue (src/domain/catalogue).
 */
export interface Database {
  'control.organization': OrganizationTable;
  'control.entity': EntityTable;
  'control.access': AccessTable;
  'control.exchange_rate': ExchangeRateTable;
  'control.rate_mark': RateMarkTable;
  'control.settlement_switch': SettlementSwitchTable;
  'control.settlement_chunk': SettlementChunkTable;
  'control.run': RunTable;
  'control.mark': MarkTable;
  'control.extract': ExtractTable;
  'control.side_extract': SideExtractTable;
  'control.side_job': SideJobTable;
  'control.side_mark': SideMarkTable;
  'control.deletes_capability': DeletesCapabilityTable;
  'control.balance': BalanceTable;
  'control.collection': CollectionTable;
  'control.period': PeriodTable;
  'control.profile': ProfileTable;
  'control.lookup': LookupTable;
  'control.billing_setting': BillingSettingTable;
  'control.setting_change': SettingChangeTable;
  'control.tenant_name': TenantNameTable;
  'control.decision': DecisionTable;
  'control.enablement': EnablementTable;
  'control.enablement_step': EnablementStepTable;
  'control.enablement_event': EnablementEventTable;
  'prestaging.custom_record': CustomRecordTable;
  'prestaging.reject': RejectTable;
  'staging.transaction_template': TransactionTemplateTable;
  'staging.line': LineTable;
  'staging.line_state': LineStateTable;
  'staging.hold': HoldTable;
  'staging.finding': FindingTable;
  'staging.replacement': ReplacementTable;
  'revenue.contract': ContractTable;
  'revenue.contract_version': ContractVersionTable;
  'revenue.booking': BookingTable;
  'revenue.obligation': ObligationTable;
  'revenue.line': CollectedLineTable;
  'revenue.setup': SetupTable;
  'revenue.contract_hold': ContractHoldTable;
  'revenue.credit_application': CreditApplicationTable;
  'revenue.system_credit': SystemCreditTable;
  'revenue.due_growth': DueGrowthTable;
  'staging.release': ReleaseTable;
}
