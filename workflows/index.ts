export { dataCollection } from './data-collection.ts';
export { enablement } from './enablement.ts';
export { exchangeRateSync } from './exchange-rate-sync.ts';
export { instantOn } from './instant-on.ts';
export { revenueSync } from './revenue-sync.ts';
export { invoiceSettlementBackfill } from './invoice-settlement-backfill.ts';
export { settingsSync } from './settings-sync.ts';
