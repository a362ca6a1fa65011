export { dataCollection } from './data-collection.ts';
export { revenueSync } from './revenue-sync.ts';
