import type { Feature } from './feature.ts';
import { apis, exported, fields, objects, way } from './needs.ts';

const PERMIT = 'Give the role of the integration user access to it';
const RAMPS = ['Ramp', 'RampInterval', 'RampSubscriptionLink'];
const ORDERS = ['Order', 'OrderAction'];
const CONTACTS = ['Contact', 'ContactSnapshot'];

/** What depends on how the tenant is set up. */
export const TENANT_FEATURES: readonly Feature[] = [
  {
    id: 'orders',
    name: 'Order-based fields (Order, OrderAction)',
    essential: false,
    ways: [exported(...objects(...ORDERS), ...fields('RatePlanCharge', 'AmendedByOrderOn'))],
    off: {
      without: objects(...ORDERS),
      means: 'Billing lists no orders: contract modifications are dated by amendments.',
    },
    without: 'Contract modifications cannot be told by their order: CT Mod Date is that of the amendment.',
    remedy: `${PERMIT}.`,
  },
  {
    id: 'ramps',
    name: 'Ramp deals',
    essential: false,
    ways: [exported(...objects(...RAMPS), ...fields('Subscription', 'RampId'))],
    off: { without: objects(...RAMPS), means: 'Billing lists no ramps: Ramp Id stays empty.' },
    without: 'The segments of a ramp cannot be told to belong together: Ramp Id may stay empty.',
    remedy: `${PERMIT}.`,
  },
  {
    id: 'contacts',
    name: 'Contact fields (ATR1-ATR60)',
    essential: false,
    ways: [exported(...objects(...CONTACTS))],
    without: 'Fields of these objects cannot be mapped.',
    remedy: `${PERMIT}. Nothing to do if no template is to map them.`,
  },
  {
    id: 'custom-fields',
    name: 'Custom fields (ATR1-ATR60)',
    essential: false,
    ways: [exported()],
    lists: 'custom-fields',
    without: 'No custom field can be mapped.',
    remedy: 'Give the role access to the custom fields that you want to map, if the tenant has any.',
  },
  {
    id: 'custom-objects',
    name: 'Custom objects',
    essential: false,
    ways: [way('Data Query', ...apis('data-query'))],
    lists: 'custom-objects',
    without: 'Records of custom objects cannot be mapped.',
    remedy: 'Give the role Data Query, and access to the custom objects that you want to map.',
  },
  {
    id: 'multi-entity',
    name: 'Multi-entity',
    essential: true,
    ways: [way('GET /v1/entities', ...apis('entities'))],
    off: {
      without: apis('entities'),
      means: 'One entity, named by REVSYNC_TENANT and REVSYNC_TENANT_NAME, in organisation default.',
    },
    without: 'No run can begin: entities, their names and home currencies are not known.',
    remedy: 'Give the integration user access to every entity whose revenue is to be accounted for.',
  },
  {
    id: 'rate-table',
    name: 'Exchange rate table',
    essential: false,
    ways: [
      way('GET /v1/custom-exchange-rates', ...apis('exchange-rates')),
      way(
        'AQuA export of ExchangeRate',
        ...apis('export'),
        ...fields('ExchangeRate', 'FromCurrency', 'ToCurrency', 'Rate', 'RateDate'),
      ),
    ],
    off: { without: apis('currency-conversion'), means: 'Currency Conversion is off: nothing is converted.' },
    without: 'Rates for bookings in other currencies than the home currency cannot come from Billing.',
    remedy:
      'Ask Zuora Support for custom exchange rates. Nothing to do for a tenant with one currency, or whose rates come from elsewhere.',
  },
  {
    id: 'document-rates',
    name: 'Rates that Billing used (ExchangeRate of billed items)',
    essential: false,
    ways: [exported(...fields('InvoiceItem', 'ExchangeRate', 'ExchangeRateDate'))],
    off: { without: apis('currency-conversion'), means: 'Currency Conversion is off: nothing is converted.' },
    without:
      'Billings in other currencies take the rate of their invoice date instead of the one Billing used, which may be another.',
    remedy:
      'Tick the inclusion of currency conversion in data source exports (Billing, Finance Settings, Manage Currency Conversion).',
  },
  {
    id: 'settings',
    name: 'Settings sync',
    essential: false,
    ways: [way('GET /settings/listing', ...apis('settings'))],
    without:
      'Billing rules that revenue depends on (credit back of one-time charges, proration, invoices past the end of term) cannot be checked.',
    remedy: 'Give the role read access to the settings.',
  },
  {
    id: 'accounting-codes',
    name: 'Accounting codes',
    essential: false,
    ways: [
      way('GET /v1/accounting-codes', ...apis('accounting-codes')),
      way('AQuA export of AccountingCode', ...apis('export'), ...fields('AccountingCode', 'Name', 'Type')),
    ],
    without: 'The chart of accounts cannot be read: account segments of lines stay empty.',
    remedy: 'Give the role read access to the chart of accounts (Zuora Finance).',
  },
  {
    id: 'accounting-periods',
    name: 'Accounting periods',
    essential: false,
    ways: [way('GET /v1/accounting-periods', ...apis('accounting-periods'))],
    without: 'Periods are opened by hand in revsync, and not compared with those of Billing.',
    remedy: 'Give the role read access to accounting periods (Zuora Finance).',
  },
  {
    id: 'look-ups',
    name: 'Look-ups of single records',
    essential: false,
    ways: [
      way('Object query', ...apis('object-query')),
      {
        ...way('ZOQL', ...apis('zoql')),
        note: 'ZOQL has no memo items, orders and order actions.',
      },
    ],
    without: 'Nothing can be looked up between exports. No step of a run needs it.',
    remedy: 'Give the role API access to the objects.',
  },
];
