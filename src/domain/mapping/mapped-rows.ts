import { splitPath, type TemplateRow, type TransactionTemplate } from './transaction-template.ts';

/** The policies about owners: the label, and the relations that lead to the present and to the first owner. */
export const OWNERS = {
  subscriptionOwner: {
    label: 'Subscription Owner',
    current: 'Subscription.Account',
    original: 'Subscription.CreatorAccount',
  },
  invoiceOwner: {
    label: 'Invoice Owner',
    current: 'Subscription.InvoiceOwner',
    original: 'Subscription.CreatorInvoiceOwner',
  },
} as const;

/**
 * The rows as the transformation follows them: with the policy `original`, an owner's row that leads to the
 * present owner leads to the first one (domain.md 3.4).
 */
export function mappedRows({
  rows,
  policies,
}: Pick<TransactionTemplate, 'rows' | 'policies'>): TemplateRow[] {
  return rows.map((row) => {
    const { path, field } = splitPath(row.from);
    for (const [policy, owner] of Object.entries(OWNERS)) {
      const original = policies[policy as keyof typeof OWNERS] === 'original';
      if (original && row.to === owner.label && path === owner.current) {
        return { ...row, from: `${owner.original}.${field}` };
      }
    }
    return row;
  });
}
