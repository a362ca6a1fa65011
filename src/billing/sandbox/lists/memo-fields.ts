import { type FieldType } from '../../../domain/catalogue/define-object.ts';

/** A member of a memo or an item as the list calls know it, and the field of the row that it comes from. */
export interface MemoField {
  readonly key: string;
  readonly field: string;
  readonly type: FieldType;
}

export interface MemoKind {
  readonly memo: string;
  readonly item: string;
  /** The field of items that names their memo. */
  readonly memoId: string;
  /** What the list is called in the reply (wire.md 2.5). */
  readonly list: string;
  readonly memoFields: readonly MemoField[];
  readonly itemFields: readonly MemoField[];
}

type Written = readonly [key: string, field: string, type?: FieldType];

const field = ([key, name, type = 'text']: Written): MemoField => ({ key, field: name, type });

const STAMP: readonly Written[] = [
  ['createdById', 'CreatedById'],
  ['createdDate', 'CreatedDate', 'datetime'],
  ['updatedById', 'UpdatedById'],
  ['updatedDate', 'UpdatedDate', 'datetime'],
];

const MEMO: readonly Written[] = [
  ['id', 'Id'],
  ['number', 'MemoNumber'],
  ['accountId', 'AccountId'],
  ['amount', 'TotalAmount', 'decimal'],
  ['taxAmount', 'TaxAmount', 'decimal'],
  ['totalTaxExemptAmount', 'TotalTaxExemptAmount', 'decimal'],
  ['billToContactId', 'BillToContactId'],
  ['cancelledById', 'CancelledById'],
  ['cancelledOn', 'CancelledOn', 'datetime'],
  ['comment', 'Comments'],
  ['currency', 'Currency'],
  ['postedById', 'PostedById'],
  ['postedOn', 'PostedOn', 'datetime'],
  ['reasonCode', 'ReasonCode'],
  ['referredInvoiceId', 'ReferredInvoiceId'],
  ['sourceType', 'SourceType'],
  ['status', 'Status'],
  ['targetDate', 'TargetDate', 'date'],
  ['transferredToAccounting', 'TransferredToAccounting'],
  ...STAMP,
];

const ITEM: readonly Written[] = [
  ['id', 'Id'],
  ['amount', 'Amount', 'decimal'],
  ['amountWithoutTax', 'AmountWithoutTax', 'decimal'],
  ['appliedToItemId', 'AppliedToItemId'],
  ['comment', 'Comment'],
  ['description', 'Description'],
  ['excludeItemBillingFromRevenueAccounting', 'ExcludeItemBillingFromRevenueAccounting', 'boolean'],
  ['processingType', 'ProcessingType'],
  ['quantity', 'Quantity', 'decimal'],
  ['serviceEndDate', 'ServiceEndDate', 'date'],
  ['serviceStartDate', 'ServiceStartDate', 'date'],
  ['sku', 'SKU'],
  ['skuName', 'ChargeName'],
  ['soldToContactId', 'SoldToContactId'],
  ['sourceItemId', 'SourceItemId'],
  ['sourceItemType', 'SourceItemType'],
  ['subscriptionId', 'SubscriptionId'],
  ['taxMode', 'TaxMode'],
  ['unitOfMeasure', 'UnitOfMeasure'],
  ['unitPrice', 'UnitPrice', 'decimal'],
  ...STAMP,
];

const CREDIT: readonly Written[] = [
  ['creditMemoDate', 'CreditMemoDate', 'date'],
  ['appliedAmount', 'AppliedAmount', 'decimal'],
  ['unappliedAmount', 'UnappliedAmount', 'decimal'],
  ['refundAmount', 'RefundAmount', 'decimal'],
  ['reversed', 'Reversed', 'boolean'],
  ['source', 'Source'],
  ['sourceId', 'SourceId'],
];
const DEBIT: readonly Written[] = [
  ['debitMemoDate', 'DebitMemoDate', 'date'],
  ['dueDate', 'DueDate', 'date'],
  ['balance', 'Balance', 'decimal'],
  ['referredCreditMemoId', 'ReferredCreditMemoId'],
];

export const CREDIT_MEMOS: MemoKind = {
  memo: 'CreditMemo',
  item: 'CreditMemoItem',
  memoId: 'CreditMemoId',
  list: 'creditmemos',
  memoFields: [...MEMO, ...CREDIT].map(field),
  itemFields: [
    ...ITEM,
    ['appliedAmount', 'AppliedToOthersAmount', 'decimal'] as const,
    ['creditFromItemId', 'CreditFromItemId'] as const,
    ['creditFromItemSource', 'CreditFromItemSource'] as const,
  ].map(field),
};

export const DEBIT_MEMOS: MemoKind = {
  memo: 'DebitMemo',
  item: 'DebitMemoItem',
  memoId: 'DebitMemoId',
  list: 'debitmemos',
  memoFields: [...MEMO, ...DEBIT].map(field),
  itemFields: [...ITEM, ['beAppliedAmount', 'BeAppliedByOthersAmount', 'decimal'] as const].map(field),
};
