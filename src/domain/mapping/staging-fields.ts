/** The types of the mapping documents' third column, "Input Value Type". */
export type InputValueType = 'Character' | 'Number' | 'Date';

/** A field of a transaction line in Staging: the documents' label and the column that holds it. */
export interface StagingField {
  readonly label: string;
  readonly type: InputValueType;
  readonly column: string;
  /** Filled by the pipeline itself; a template may not map to it. */
  readonly derived: boolean;
}

/** Labels in the order of the invoice item mapping document, then those that only other types have. */
const MAPPED: readonly (readonly [string, InputValueType])[] = [
  ['Business Unit', 'Character'],
  ['Company Code', 'Character'],
  ['Customer Number', 'Character'],
  ['Customer Name', 'Character'],
  ['Account Id', 'Character'],
  ['Functional Currency', 'Character'],
  ['Transaction Currency', 'Character'],
  ['Rate Plan Id', 'Character'],
  ['Rate Plan Name', 'Character'],
  ['Rate Plan Charge Num', 'Character'],
  ['Rate Plan Charge Name', 'Character'],
  ['Rate Plan Charge Version', 'Number'],
  ['Rate Plan Charge Model', 'Character'],
  ['Rate Plan Charge Type', 'Character'],
  ['Rate Plan Charge Trigger Event', 'Character'],
  ['Rate Plan Charge Segment', 'Number'],
  ['Rate Plan Charge Id', 'Character'],
  ['Original Rate Plan Charge Id', 'Character'],
  ['Product Id', 'Character'],
  ['Sales Order Date', 'Date'],
  ['Subscription ID', 'Character'],
  ['Subscription Name', 'Character'],
  ['Subscription Version', 'Number'],
  ['Subscription Start Date', 'Date'],
  ['Subscription End Date', 'Date'],
  ['Subscription Owner', 'Character'],
  ['Invoice Owner', 'Character'],
  ['Subscription Type', 'Character'],
  ['Revenue Start Date', 'Date'],
  ['Revenue End Date', 'Date'],
  ['Ordered Qty', 'Number'],
  ['Ext Sell Price', 'Number'],
  ['Deferred Segments', 'Character'],
  ['Revenue Segments', 'Character'],
  ['Adjustment Liability Account', 'Character'],
  ['Adjustment Revenue Account', 'Character'],
  ['Unbilled AR Account', 'Character'],
  ['Contract Asset Account', 'Character'],
  ['Product Rate Plan Charge Id', 'Character'],
  ['Product Rate Plan Id', 'Character'],
  ['Charge Created Date', 'Date'],
  ['Charge Last Update Date', 'Date'],
  ['Billing Id', 'Character'],
  ['Billing Item Id', 'Character'],
  ['Invoice Num', 'Character'],
  ['Invoice Date', 'Date'],
  ['Invoice Qty', 'Number'],
  ['Ext List Price', 'Number'],
  ['Amendment Id', 'Character'],
  ['Amendment Type', 'Character'],
  ['Ramp Id', 'Character'],
];

/** What the transformation derives (domain.md 3.5: absent from the mapping tables). */
const DERIVED: readonly (readonly [string, InputValueType])[] = [
  ['SO Line Id', 'Character'],
  ['SO Number', 'Character'],
  ['SO Book Date', 'Date'],
  ['Sequence Number', 'Character'],
  ['Term Number', 'Number'],
  ['Duration', 'Number'],
  ['CT Mod Date', 'Date'],
  ['Amendment Reason', 'Character'],
  ['Invoice Line Id', 'Character'],
  ['Original SO Line Id', 'Character'],
  ['Original Invoice Line Id', 'Character'],
  ['Skip CT Mod', 'Character'],
  ['Ramp Deal Ref', 'Character'],
];

/** ATR1-ATR60, the only home of Contact and custom fields. */
const ATTRIBUTES = Array.from({ length: 60 }, (_, index) => [`ATR${index + 1}`, 'Character'] as const);

/** No mapping document has it: a template of one's own may. Else the conversion fills it. */
const RATE = [['Func Ex Rate', 'Number']] as const;

/** What the conversion of currencies fills (domain.md 7.2), beside the rate. */
const CONVERTED = [
  ['Inverse Func Ex Rate', 'Number'],
  ['Func Ex Rate Date', 'Date'],
  ['Func Ex Rate Source', 'Character'],
  ['Functional Ext Sell Price', 'Number'],
  ['Reporting Currency', 'Character'],
  ['Global Ex Rate', 'Number'],
  ['Inverse Global Ex Rate', 'Number'],
  ['Global Ex Rate Date', 'Date'],
  ['Global Ex Rate Source', 'Character'],
  ['Reporting Ext Sell Price', 'Number'],
] as const;

/** Columns that follow from a line's price, its currencies and rates, none of which a template fills. */
export const CONVERTED_LABELS: ReadonlySet<string> = new Set(CONVERTED.map(([label]) => label));

const field =
  (derived: boolean) =>
  ([label, type]: readonly [string, InputValueType]): StagingField => ({
    label,
    type,
    column: label.toLowerCase().replaceAll(' ', '_'),
    derived,
  });

/** Every field of `staging.line` that carries business data, in column order; a test holds the table to it. */
export const STAGING_FIELDS: readonly StagingField[] = [
  ...MAPPED.map(field(false)),
  ...DERIVED.map(field(true)),
  ...ATTRIBUTES.map(field(false)),
  ...RATE.map(field(false)),
  ...CONVERTED.map(field(true)),
];

const BY_LABEL = new Map(STAGING_FIELDS.map((stagingField) => [stagingField.label, stagingField]));

/** The field with that label, or undefined. */
export function findStagingField(label: string): StagingField | undefined {
  return BY_LABEL.get(label);
}

/** The nine fields that must not move once a subscription version is collected (known limitations). */
export const GUARDED_LABELS: readonly string[] = [
  'SO Book Date',
  'Ext Sell Price',
  'Ext List Price',
  'Subscription Start Date',
  'Subscription End Date',
  'Ordered Qty',
  'CT Mod Date',
  'Amendment Reason',
  'Duration',
];
