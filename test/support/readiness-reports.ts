import type { ReadinessReport, ReportedRule } from '../../src/domain/readiness/report.ts';
import { summarize } from '../../src/domain/readiness/summarize.ts';

/** Text as somebody might spell a customer who means harm. */
export const HOSTILE = `<script>alert("x")</script><img src=x onerror='y'> ' & \u202Eסוד\u202C`;

/** A rule that does not affect the tenant, changed. */
export const aRule = (change: Partial<ReportedRule> = {}): ReportedRule => ({
  id: 'prepayment-charge',
  heading: 'Prepayment charges',
  point: null,
  outcome: 'stop',
  weight: 'stops',
  status: 'not-affected',
  why: 'Looked for, and none found.',
  count: '0',
  amounts: [],
  entities: [],
  samples: [],
  untold: [],
  settings: [],
  does: 'Stops the booking of the charge; what is billed for it waits for the booking.',
  before: 'Replace prepaid charges by others, or set their exclusion flags.',
  remedy: 'Model the prepayment in Billing by a charge that is not prepaid: `IsPrepaid` is false then.',
  page: 'docs/limitations/prepayment-charge.md',
  ...change,
});

const SAMPLE = { entity: 'demo', object: 'RatePlanCharge', currency: 'USD' };

/** A rule that does, with samples whose text comes from the tenant. */
export const anAffectedRule = (detail = 'its charge "Setup" is prepaid'): ReportedRule =>
  aRule({
    status: 'affected',
    why: '7 found in Billing.',
    count: '7',
    amounts: [
      { currency: 'EUR', amount: '120000', gross: '120000' },
      { currency: 'USD', amount: '-3450.5', gross: '9000.5' },
    ],
    entities: [{ entity: 'demo', count: '7' }],
    samples: ['2c92c0f86d1b2c3d4e5f60718293a4b5', '2c92c0f86d1b2c3d4e5f60718293a4b6'].map((id) => ({
      ...SAMPLE,
      id,
      amount: '-1234567.89',
      detail,
    })),
  });

type Parts = Omit<ReadinessReport, 'summary'>;

/** A report with something of everything; what it is `of` stands wherever text of the tenant's may. */
export function aReport(change: Partial<Parts> = {}, of = 'Acme Ltd'): ReadinessReport {
  const parts: Parts = {
    tenant: of,
    revsync: '0.1.0',
    madeAt: '2026-01-31T09:30:00.000Z',
    billing: { asked: true, note: 'Settings and permissions are as Billing told them.' },
    data: [
      {
        entity: 'demo',
        displayName: of,
        org: of,
        source: 'sync',
        run: '12',
        asOf: '2026-01-31T08:00:00.000000Z',
        notRead: ['Order', 'OrderAction'],
      },
      {
        entity: 'parent',
        displayName: 'Group',
        org: 'parent',
        source: 'none',
        run: null,
        asOf: null,
        notRead: [],
      },
    ],
    limitations: [
      anAffectedRule(of),
      aRule({
        id: 'invoice-past-end-of-term',
        heading: 'Invoice Past End-of-Term billing rule',
        status: 'affected',
        weight: 'blocks',
        outcome: 'refuse',
        why: 'set otherwise: Invoice Past End-of-Term when Auto-Renew is OFF.',
        settings: [aSetting(of)],
      }),
      aRule({
        id: 'overlapping-discounts',
        heading: 'Discount charges',
        point: 4,
        status: 'affected',
        weight: 'reports',
        count: '1',
        why: '1 found in Billing.',
        amounts: [{ currency: 'USD', amount: '12', gross: '12' }],
      }),
      aRule({
        id: 'usage-booking-based',
        heading: 'Usage charges',
        status: 'affected',
        weight: 'changes',
        count: '3',
        why: '3 found in Billing.',
        amounts: [{ currency: 'USD', amount: '777', gross: '777' }],
      }),
      aRule({
        id: 'mass-actions',
        heading: 'Mass actions',
        status: 'enforced',
        why: 'It leaves nothing in Billing.',
      }),
      aRule({
        id: 'change-plan-order-action',
        heading: 'Unsupported order actions',
        point: 1,
        status: 'cannot-tell',
        why: 'OrderAction was not read, so nobody can tell.',
        untold: [{ entity: 'demo', object: 'OrderAction', reason: 'not-read' }],
      }),
      aRule({ id: 'negative-one-time-charge', heading: 'Negative one-time charges' }),
    ],
    practices: [
      aRule({
        id: 'unmapped-custom-field',
        heading: 'Map the custom fields that matter to revenue',
        status: 'affected',
        weight: 'reports',
        outcome: 'warn',
        page: 'docs/limitations/README.md#unmapped-custom-field',
        count: '1',
        why: '1 found in Billing.',
      }),
      aRule({
        id: 'bill-cycle-day-changed',
        heading: 'Never change the bill cycle day of a customer',
        page: 'docs/limitations/README.md#bill-cycle-day-changed',
      }),
    ],
    settings: [
      aSetting(of),
      {
        ...aSetting('false'),
        setting: 'other',
        name: 'Bill recurring charges for partial month',
        fits: true,
        required: 'Yes',
      },
      { ...aSetting(null), setting: 'third', name: 'Prorate by day', fits: null },
    ],
    features: [
      {
        entity: 'demo',
        feature: 'Invoice Settlement',
        on: false,
        how: 'Billing describes no CreditMemo to these credentials',
      },
    ],
    permissions: [
      {
        what: 'OrderAction',
        kind: 'data',
        state: 'missing',
        entities: ['demo'],
        consequence: 'Change plan: cannot be told.',
        remedy: 'Give the role the right to read it.',
      },
    ],
    templates: [
      { entity: 'demo', type: 'SO', driver: 'RatePlanCharge', rows: '350', needed: true, template: of },
      { entity: 'demo', type: 'INV', driver: 'InvoiceItem', rows: '1000', needed: true, template: null },
      {
        entity: 'demo',
        type: 'IIA',
        driver: 'InvoiceItemAdjustment',
        rows: null,
        needed: null,
        template: null,
      },
    ],
    customFields: [
      {
        object: 'Account',
        field: 'Region__c',
        entity: 'demo',
        filled: '19',
        rows: '25',
        rate: '76.0',
        mappedBy: [],
        suggestion: { type: 'SO', from: 'Account.Region__c', to: 'ATR1' },
      },
      {
        object: 'Account',
        field: 'Team__c',
        entity: 'demo',
        filled: '0',
        rows: '25',
        rate: '0.0',
        mappedBy: [of],
        suggestion: null,
      },
    ],
    ...change,
  };
  return { ...parts, summary: summarize(parts) };
}

function aSetting(value: string | null) {
  return {
    entity: 'demo',
    setting: 'invoice-past-end-of-term-auto-renew-off',
    name: 'Invoice Past End-of-Term when Auto-Renew is OFF',
    value,
    required: 'No',
    fits: false as boolean | null,
    binding: true,
    why: 'What is billed beyond the term was never booked.',
  };
}
