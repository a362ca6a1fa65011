/** Custom fields of an object. */
export interface KnownCustomFields {
  readonly names: ReadonlySet<string>;
  /** False: seen in rows, where a field that nobody filled does not show. */
  readonly complete: boolean;
}

/** What is known of the tenant that a template is for; what is left out is not checked. */
export interface KnownTenant {
  readonly entities?: readonly {
    readonly entity: string;
    readonly billingId: string | null;
    readonly displayName: string;
  }[];
  /** By object. */
  readonly customFields?: ReadonlyMap<string, KnownCustomFields>;
}
