/** What Billing says of an entity, as far as its name goes. */
export interface NamedEntity {
  readonly id: string;
  readonly displayName: string;
}

const LONGEST_KEY = 64;

/** `Müller & Söhne GmbH` -> `Muller-Sohne-GmbH`: keys match `[A-Za-z0-9._-]{1,64}`. */
export function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain.slice(0, LONGEST_KEY) || 'entity';
}

/**
 * A key per entity, from its display name; where two slugs collide, both get the first four hex digits
 * of their id, so that the keys do not depend on the order in which Billing lists them.
 */
export function entityKeys(entities: readonly NamedEntity[]): Map<string, string> {
  const slugs = entities.map(({ displayName }) => slug(displayName));
  return new Map(
    entities.map(({ id }, index) => {
      const key = slugs[index] ?? 'entity';
      const collides = slugs.filter((other) => other.toLowerCase() === key.toLowerCase()).length > 1;
      const suffix = id.replaceAll('-', '').slice(0, 4);
      return [id, collides ? `${key.slice(0, LONGEST_KEY - 5)}-${suffix}` : key];
    }),
  );
}
