import { type Row } from '../../tenant.ts';
import { type Account } from '../account.ts';
import { dayText } from '../days.ts';
import { minorText, decimalsOf } from '../money.ts';
import { type Moment, AT, later, numberOf, stamp } from './stamp.ts';

export function* accountRows(account: Account): Generator<Row> {
  const { index, idOf, currency, invoices } = account;
  const decimals = decimalsOf(currency);
  const open = invoices.filter(({ posted, paidOn }) => posted && paidOn === null);
  const balance = minorText(
    open.reduce((total, { amount }) => total + amount, 0n),
    decimals,
  );
  const bill = contactId(account, 0);
  const sold = contactId(account, contactsOf(account) - 1);
  const last = invoices.at(-1);
  yield {
    Id: idOf('Account', index),
    AccountNumber: accountNumber(account),
    Name: accountName(index),
    Notes: noteOf(index),
    Region__c: REGIONS[index % REGIONS.length] ?? null,
    AllowInvoiceEdit: 'false',
    AutoPay: 'false',
    Balance: balance,
    TotalInvoiceBalance: balance,
    CreditBalance: minorText(0n, decimals),
    Batch: 'Batch1',
    BcdSettingOption: 'ManualSet',
    BillCycleDay: String(account.cycleDay),
    BillToContactId: bill,
    BillToId: bill,
    SoldToContactId: sold,
    SoldToId: sold,
    Currency: currency,
    InvoiceDeliveryPrefsEmail: 'true',
    InvoiceDeliveryPrefsPrint: 'false',
    LastInvoiceDate: last === undefined ? null : dayText(last.day),
    PaymentTerm: 'Net 30',
    PurchaseOrderNumber: index % 4 === 0 ? `PO ${1000 + index}` : null,
    Status: 'Active',
    ...stamp(account, opened(account), lastTouched(account)),
  };
}

export function* contactRows(account: Account): Generator<Row> {
  for (let number = 0; number < contactsOf(account); number += 1) {
    yield {
      Id: contactId(account, number),
      AccountId: account.idOf('Account', account.index),
      ...personOf(account, number),
      NickName: number === 0 ? null : 'warehouse',
      ...stamp(account, opened(account)),
    };
  }
}

export function* contactSnapshotRows(account: Account): Generator<Row> {
  for (let number = 0; number < contactsOf(account); number += 1) {
    yield {
      Id: snapshotId(account, number),
      AccountId: account.idOf('Account', account.index),
      ContactId: contactId(account, number),
      ...personOf(account, number),
      ...stamp(account, opened(account)),
    };
  }
}

/** The two contacts of an account are the same person for most. */
export function contactsOf({ index }: Account): number {
  return index % 3 === 0 ? 2 : 1;
}

export function contactId({ idOf, index }: Account, number: number): string {
  return idOf('Contact', index, number);
}

export function snapshotId({ idOf, index }: Account, number: number): string {
  return idOf('ContactSnapshot', index, number);
}

export function accountNumber({ index }: Account): string {
  return numberOf('A', index + 1);
}

/** Names with everything that spreadsheets, CSV readers and web pages trip over. */
const HARD_NAMES = [
  'Müller & Söhne "Präzision" GmbH, Zürich',
  '=HYPERLINK("http://127.0.0.1/";"Refund")',
  'Two Lines\nHolding, Inc.',
  '東京電力株式会社',
  "O'Brien, Sons; Daughters",
  '-1+1 Consulting',
  '<b>Bold</b> & Partners',
  'Ünïcödé 🚀 Labs',
];

/** Clients that read files line by line, of which there are some, get along with small tenants. */
const FIRST_WITH_LINES = 40;

const oneLine = (text: string): string => text.replaceAll(/\r?\n/g, ' ');

export function accountName(index: number): string {
  const hard = index % 5 === 0 ? HARD_NAMES[(index / 5) % HARD_NAMES.length] : undefined;
  if (hard === undefined) return `Customer ${index + 1}`;
  return index < FIRST_WITH_LINES ? oneLine(hard) : `${hard} ${index + 1}`;
}

function noteOf(index: number): string | null {
  const note = 'Called on Monday:\r\n"wants, \\ perhaps, a discount"\n=1+1';
  if (index % 7 === 0) return index < FIRST_WITH_LINES ? oneLine(note) : note;
  return index % 3 === 0 ? 'Key account' : null;
}

const REGIONS = ['EMEA', 'AMER', 'APAC', null];
const CITIES = ['Zürich', 'San Mateo', 'Kyoto', 'São Paulo'];
const COUNTRIES = ['Switzerland', 'United States', 'Japan', 'Brazil'];

function personOf({ index }: Account, number: number): Row {
  return {
    FirstName: number === 0 ? 'Ada' : 'Noor',
    LastName: `Contact ${index + 1}`,
    WorkEmail: `contact${index + 1}.${number}@example.com`,
    Address1: `${1 + (index % 90)} Main Street, "North"`,
    City: CITIES[index % CITIES.length] ?? null,
    Country: COUNTRIES[index % COUNTRIES.length] ?? null,
    PostalCode: index % 6 === 0 ? null : String(10_000 + (index % 80_000)),
  };
}

function opened({ createdOn }: Account): Moment {
  return { day: createdOn, minute: AT.opened };
}

/** Bill runs and payments touch the account's balance. */
function lastTouched(account: Account): Moment {
  return account.invoices.reduce((touched, { day, posted, paidOn }) => {
    const billed = { day, minute: posted ? AT.posted : AT.invoiced };
    return later(touched, paidOn === null ? billed : { day: paidOn, minute: AT.paid });
  }, opened(account));
}
