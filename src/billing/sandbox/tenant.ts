import { type FieldType } from '../../domain/catalogue/define-object.ts';

/** One record by Billing field name. A field left out is null; amounts are decimal text. */
export type Row = Readonly<Record<string, string | null>>;

/** One record of an object, as `scan` yields them. */
export type ObjectRow = readonly [object: string, row: Row];

export type Rows<Item> = Iterable<Item> | AsyncIterable<Item>;

export interface TenantEntity {
  /** 32 hex digits, as `GET /v1/entities` spells it. */
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly parentId: string | null;
  readonly timezone: string | null;
  readonly homeCurrency: string | null;
}

/** An object that the tenant itself defined: a table of Data Query, and nothing to the other interfaces. */
export interface CustomObject {
  /** `default__` and the name, as Data Query spells it: `default__projectcode__c`. */
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldType>>;
}

/** Which rows are asked for: those of one entity, or of the whole tenant. */
export interface Scope {
  readonly entity?: string | undefined;
}

/**
 * What the sandbox serves. Rows come in streams that may be read any number of times with the same
 * result. Two columns are not fields of Billing: `EntityId` (whose row it is, in a tenant with
 * entities) and `Deleted` (`true` on rows that exist only for queries with a deleted column).
 */
export interface Tenant {
  /** What it is, for people: "generated items=1000, seed=1". */
  readonly label: string;
  /** Empty without Multi-entity; else parents first. */
  readonly entities: readonly TenantEntity[];
  /** Names of the objects that the tenant has, in the catalogue's order. */
  readonly objects: readonly string[];
  readonly settingKeys: readonly string[];
  /** Whether one pass is quick enough to count rows for the asking. */
  readonly small: boolean;
  /** The body of `GET /settings/<key>`, or undefined when there is none. */
  setting(key: string, scope?: Scope): unknown;
  /** Objects that have rows like others, but that only Data Query knows: describe and AQuA do not. */
  readonly dataQueryOnly: readonly string[];
  readonly customObjects: readonly CustomObject[];
  /** What the tenant's accounting periods cover; null when it has none. */
  readonly days: { readonly from: string; readonly until: string } | null;
  /** Names of the object's custom fields; they end in `__c`. */
  customFields(object: string): readonly string[];
  rows(object: string, scope?: Scope): Rows<Row>;
  /** Rows of several objects in one pass over the tenant, mixed. */
  scan(objects: readonly string[], scope?: Scope): Rows<ObjectRow>;
}
