import type { BillingObject } from '../../domain/catalogue/define-object.ts';

export type HeaderTarget =
  | { readonly kind: 'field'; readonly field: string }
  | { readonly kind: 'custom'; readonly field: string }
  | { readonly kind: 'deleted' };

/**
 * What a cell of an export's header row stands for; null when the catalogue has no use for it.
 * Billing heads `Id` as `InvoiceItem.Id` or `Id`, a parent as `Account.Id` or `AccountId`, the deleted
 * column as `InvoiceItem.<column>`, and with labels writes `Invoice Item: ID` (wire.md 2.2, fact 9).
 * Capitals do not matter; `custom` keeps the spelling of the cell.
 */
export function headerTarget(
  object: BillingObject,
  cell: string,
  deletedColumn?: string,
): HeaderTarget | null {
  const written = cell
    .replace(/^\uFEFF/, '')
    .replace(/^\s*"(.*)"\s*$/, '$1')
    .trim()
    .replace(/\s*:\s*/, '.')
    .replace(/[\s-]+/g, '');
  const path = written.toLowerCase();
  const ownPrefix = `${object.name.toLowerCase()}.`;
  const own = path.startsWith(ownPrefix) ? path.slice(ownPrefix.length) : path;

  if (deletedColumn !== undefined && own === deletedColumn.toLowerCase()) return { kind: 'deleted' };
  const field = Object.keys(object.fields).find((name) => name.toLowerCase() === own);
  if (field !== undefined) return { kind: 'field', field };
  const relation = Object.entries(object.relations).find(([name]) => `${name.toLowerCase()}.id` === own);
  if (relation !== undefined) return { kind: 'field', field: relation[1].field };
  const isCustom = own.endsWith('__c') && !own.includes('.');
  return isCustom ? { kind: 'custom', field: written.slice(-own.length) } : null;
}
