/** What Billing says of an entity, as far as its name goes. */
export interface NamedEntity {
  readonly id: string;
  readonly displayName: string;
}

const LONGEST_KEY = 64;

/** How the key of an organisation, or of an entity, is spelled; `control.organization` checks the same. */
export const ORG_KEY = /^[A-Za-z0-9._-]{1,64}$/;

/** `Müller & Söhne GmbH` -> `Muller-Sohne-GmbH`: keys match `[A-Za-z0-9._-]{1,64}`. */
export function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain.slice(0, LONGEST_KEY) || 'entity';
}

/** What tells entities of one name apart, shortest first: Zuora's ids often begin alike. */
const SUFFIXES: readonly ((hex: string) => string)[] = [
  (hex) => hex.slice(0, 4),
  (hex) => hex.slice(-4),
  (hex) => hex,
];

/**
 * A key per entity, from its display name; where slugs collide, all of them get four hex digits of their
 * id, so that the keys do not depend on the order in which Billing lists the entities. Digits that do not
 * tell them apart give way to others, at last to the whole id.
 */
export function entityKeys(entities: readonly NamedEntity[]): Map<string, string> {
  const taken = new Map(entities.map(({ id, displayName }) => [id, slug(displayName)]));
  for (const suffixOf of SUFFIXES) {
    const colliding = entities.filter(({ id }) => collides(id, taken));
    for (const { id, displayName } of colliding)
      taken.set(id, withSuffix(slug(displayName), suffixOf(hexOf(id))));
  }
  return taken;
}

/** Another key for an entity whose own one belongs to somebody else already. */
export function keyBeside(key: string, id: string): string {
  return withSuffix(key, hexOf(id).slice(0, 4));
}

function collides(id: string, keys: ReadonlyMap<string, string>): boolean {
  const own = keys.get(id)?.toLowerCase();
  return [...keys].some(([other, key]) => other !== id && key.toLowerCase() === own);
}

const hexOf = (id: string): string => id.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, LONGEST_KEY - 2);

const withSuffix = (name: string, suffix: string): string =>
  `${name.slice(0, LONGEST_KEY - 1 - suffix.length)}-${suffix}`;
