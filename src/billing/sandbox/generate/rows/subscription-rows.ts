import { type Row } from '../../tenant.ts';
import { type Account, type BilledStory } from '../account.ts';
import { dayText } from '../days.ts';
import { type Charge, type Story, type Version, type VersionKind, lastVersion } from '../story.ts';
import { accountNumber, contactId, contactsOf } from './account-rows.ts';
import { projectCodeOf } from './custom-object-rows.ts';
import { type Moment, AT, numberOf, stamp } from './stamp.ts';

export function* subscriptionRows(account: Account): Generator<Row> {
  const { idOf, index } = account;
  const owner = idOf('Account', index);
  for (const { story } of account.stories) {
    const first = story.versions[0];
    for (const version of story.versions) {
      const newest = version === lastVersion(story);
      const next = story.versions[version.number];
      const term = story.termMonths === null ? null : String(story.termMonths);
      yield {
        Id: subscriptionId(account, story, version.number),
        Name: subscriptionName(account, story),
        SubscriptionNumber: subscriptionName(account, story),
        AccountId: owner,
        AccountNumber: accountNumber(account),
        InvoiceOwnerId: owner,
        CreatorAccountId: owner,
        CreatorInvoiceOwnerId: owner,
        ...contactIds(account),
        Version: String(version.number),
        Revision: String(version.number),
        IsLatestVersion: String(newest),
        Status: statusOf(story, version, newest),
        OriginalId: subscriptionId(account, story, 1),
        PreviousSubscriptionId:
          version.number === 1 ? null : subscriptionId(account, story, version.number - 1),
        SubscriptionVersionAmendmentId: amendmentId(account, story, version.number),
        OrderId: orderId(account, story, version.number),
        OriginalCreatedDate: stamp(account, entered(first))['CreatedDate'] ?? null,
        LastBookingDate: dayText(version.orderedOn),
        ContractEffectiveDate: dayText(story.start),
        ServiceActivationDate: story.pending ? null : dayText(story.start),
        ContractAcceptanceDate: story.pending ? null : dayText(story.start),
        SubscriptionStartDate: dayText(story.start),
        SubscriptionEndDate: version.termEnd === null || story.pending ? null : dayText(version.termEnd),
        TermStartDate: story.pending ? null : dayText(version.termStart),
        TermEndDate: version.termEnd === null || story.pending ? null : dayText(version.termEnd),
        TermType: version.termEnd === null ? 'EVERGREEN' : 'TERMED',
        InitialTerm: term,
        InitialTermPeriodType: term === null ? null : 'Month',
        CurrentTerm: term,
        CurrentTermPeriodType: term === null ? null : 'Month',
        RenewalTerm: term ?? '12',
        RenewalTermPeriodType: 'Month',
        RenewalSetting: 'RENEW_WITH_SPECIFIC_TERM',
        AutoRenew: 'false',
        CancelledDate: version.cancelledOn === null ? null : dayText(version.cancelledOn),
        CancelReason: version.cancelledOn === null ? null : 'Customer request',
        IsInvoiceSeparate: 'false',
        PaymentTerm: 'Net 30',
        ProjectCode__c: projectCodeOf(account),
        ...stamp(account, entered(version), next === undefined ? undefined : entered(next)),
      };
    }
  }
}

export function* ratePlanRows(account: Account): Generator<Row> {
  const { idOf, index } = account;
  const owner = idOf('Account', index);
  for (const { story } of account.stories) {
    for (const version of story.versions) {
      for (const { charge, segments } of version.charges) {
        const { product } = charge;
        const touched = segments.reduce((latest, { touchedIn }) => Math.max(latest, touchedIn), 1);
        yield {
          Id: ratePlanId(account, story, version.number, charge.number),
          OriginalRatePlanId: ratePlanId(account, story, charge.since, charge.number),
          Name: product.plan,
          AccountId: owner,
          InvoiceOwnerId: owner,
          SubscriptionOwnerId: owner,
          ...contactIds(account),
          SubscriptionId: subscriptionId(account, story, version.number),
          ProductId: idOf('Product', product.product),
          ProductRatePlanId: idOf('ProductRatePlan', product.plan),
          AmendmentId: amendmentId(account, story, touched),
          AmendmentType: amendmentTypeOf(story, charge, touched),
          SubscriptionVersionAmendmentId: amendmentId(account, story, version.number),
          OrderId: orderId(account, story, touched),
          ...stamp(account, entered(version)),
        };
      }
    }
  }
}

/** Orders create and amend subscriptions; each makes one version. */
export function* orderRows(account: Account): Generator<Row> {
  for (const { story } of account.stories) {
    for (const version of story.versions) {
      yield {
        Id: orderId(account, story, version.number),
        AccountId: account.idOf('Account', account.index),
        ...contactIds(account),
        OrderNumber: numberOf('O-', (account.index * 100 + story.number) * 100 + version.number),
        OrderDate: dayText(version.orderedOn),
        Category: 'NewSales',
        State: 'Completed',
        Status: 'Completed',
        CreatedByMigration: 'false',
        ...stamp(account, entered(version)),
      };
    }
  }
}

const ACTIONS: Readonly<Record<VersionKind, { action: string; amendment: string }>> = {
  create: { action: 'CreateSubscription', amendment: '' },
  change: { action: 'UpdateProduct', amendment: 'UpdateProduct' },
  add: { action: 'AddProduct', amendment: 'NewProduct' },
  swap: { action: 'ChangePlan', amendment: 'UpdateProduct' },
  remove: { action: 'RemoveProduct', amendment: 'RemoveProduct' },
  convert: { action: 'TermsAndConditions', amendment: 'TermsAndConditions' },
  renew: { action: 'RenewSubscription', amendment: 'Renewal' },
  cancel: { action: 'CancelSubscription', amendment: 'Cancellation' },
};

export function* orderActionRows(account: Account): Generator<Row> {
  for (const { story } of account.stories) {
    for (const version of story.versions) {
      yield {
        Id: account.idOf('OrderAction', account.index, story.number, version.number),
        OrderId: orderId(account, story, version.number),
        AccountId: account.idOf('Account', account.index),
        SubscriptionId: subscriptionId(account, story, version.number),
        SubscriptionNumber: subscriptionName(account, story),
        SubscriptionVersion: String(version.number),
        SubscriptionVersionAmendmentId: amendmentId(account, story, version.number),
        AmendmentId: amendmentId(account, story, version.number),
        Type: ACTIONS[version.kind].action,
        Sequence: '0',
        TriggerDate: dayText(version.effective),
        ...stamp(account, entered(version)),
      };
    }
  }
}

/** Each order that changes a subscription leaves an amendment of the version before. */
export function* amendmentRows(account: Account): Generator<Row> {
  for (const { story } of account.stories) {
    for (const version of story.versions.slice(1)) {
      const { amendment } = ACTIONS[version.kind];
      const renewal = version.kind === 'renew';
      yield {
        Id: amendmentId(account, story, version.number),
        Code: numberOf('A-AM', (account.index * 100 + story.number) * 100 + version.number),
        Name: `${amendment} of ${subscriptionName(account, story)}`,
        Type: amendment,
        Status: 'Completed',
        SubscriptionId: subscriptionId(account, story, version.number - 1),
        OrderId: orderId(account, story, version.number),
        BookingDate: dayText(version.orderedOn),
        ContractEffectiveDate: dayText(version.effective),
        EffectiveDate: dayText(version.effective),
        ServiceActivationDate: dayText(version.effective),
        CustomerAcceptanceDate: dayText(version.effective),
        CurrentTerm: renewal ? String(story.termMonths) : null,
        CurrentTermPeriodType: renewal ? 'Month' : null,
        RenewalTerm: renewal ? String(story.termMonths) : null,
        RenewalTermPeriodType: renewal ? 'Month' : null,
        RenewalSetting: renewal ? 'RENEW_WITH_SPECIFIC_TERM' : null,
        TermStartDate: renewal ? dayText(version.termStart) : null,
        TermType: version.kind === 'convert' ? 'EVERGREEN' : 'TERMED',
        ...removedPlan(account, story, version),
        AutoRenew: 'false',
        ...stamp(account, entered(version)),
      };
    }
  }
}

/** The rate plan that an amendment takes away, as the version before has it. */
function removedPlan(account: Account, story: Story, { kind, number, charges }: Version): Row {
  if (kind !== 'remove' && kind !== 'swap') return {};
  const removed = charges.find(
    ({ charge, segments }) => charge.since < number && segments.at(-1)?.touchedIn === number,
  );
  return removed === undefined
    ? {}
    : { RemovedRatePlanId: ratePlanId(account, story, number - 1, removed.charge.number) };
}

/** What the newest amendment of a rate plan did to it; null when there is none. */
function amendmentTypeOf(story: Story, { since }: Charge, touched: number): string | null {
  if (touched === since) return touched === 1 ? null : 'NewProduct';
  const kind = story.versions[touched - 1]?.kind;
  return kind === 'remove' || kind === 'swap' ? 'RemoveProduct' : 'UpdateProduct';
}

export function entered(version: Version): Moment {
  return { day: version.enteredOn, minute: AT.ordered + version.number };
}

export function subscriptionId(account: Account, story: Story, version: number): string {
  return account.idOf('Subscription', account.index, story.number, version);
}

export function subscriptionName(account: Account, story: BilledStory['story']): string {
  return numberOf('A-S', account.index * 100 + story.number);
}

export function orderId(account: Account, story: Story, version: number): string {
  return account.idOf('Order', account.index, story.number, version);
}

/** Null for the version that created the subscription. */
export function amendmentId(account: Account, story: Story, version: number): string | null {
  return version === 1 ? null : account.idOf('Amendment', account.index, story.number, version);
}

export function ratePlanId(account: Account, story: Story, version: number, charge: number): string {
  return account.idOf('RatePlan', account.index, story.number, version, charge);
}

const contacts = new WeakMap<Account, Row>();

/** Whom invoices and goods go to. */
export function contactIds(account: Account): Row {
  let ids = contacts.get(account);
  if (ids === undefined) {
    ids = {
      BillToContactId: contactId(account, 0),
      SoldToContactId: contactId(account, contactsOf(account) - 1),
    };
    contacts.set(account, ids);
  }
  return ids;
}

function statusOf(story: Story, version: Version, newest: boolean): string {
  if (story.pending) return 'Pending Activation';
  if (!newest) return 'Expired';
  return version.cancelledOn === null ? 'Active' : 'Cancelled';
}
