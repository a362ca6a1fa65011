/** What stands where a secret was. */
const INSTEAD = '[redacted]';

/** A word this short is in every other line; whoever chose it as a password keeps no secret. */
const SHORTEST = 4;

/** A quotation mark, however often the JSON around it was put into JSON again. */
const QUOTE = String.raw`\\*"`;

/** What a credential looks like whose value nobody told us. The first group stays. */
const SHAPES: readonly RegExp[] = [
  /(\bBearer(?:\s|%20|\+)+)[A-Za-z0-9._~+/=%-]{6,}/gi,
  /(\bBasic(?:\s|%20)+)[A-Za-z0-9+/=_-]{16,}/gi,
  // postgres://user:password@host: up to the last @ before what cannot be in a password.
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"\\]*:)[^\s"\\]+(?=@)/gi,
  new RegExp(
    String.raw`((?:client[_-]?secret|access[_-]?token|refresh[_-]?token|api[_-]?key|password|passwd|authorization)` +
      String.raw`(?:${QUOTE}\s*:\s*${QUOTE}|=|%3D))[^"&\s\\,;}\[]+`,
    'gi',
  ),
];

/**
 * Takes secrets out of text, whatever they are embedded in: by value, in every way that a value is written inside
 * JSON, a URL or a form, and by shape. It works on a finished line, so that nothing is logged around it.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const spellings = [...new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(spellingsOf))];
  // The longest first: one secret may begin like another.
  const sorted = spellings.toSorted((a, b) => b.length - a.length).map(literal);
  const values = sorted.length === 0 ? null : new RegExp(sorted.join('|'), 'g');
  return (text) => {
    const withoutValues = values === null ? text : text.replaceAll(values, INSTEAD);
    return SHAPES.reduce((left, shape) => left.replaceAll(shape, `$1${INSTEAD}`), withoutValues);
  };
}

/** The ways in which a value occurs in a line of JSON. */
function spellingsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  const plain = [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll(HEX_ESCAPES, (hex) => hex.toLowerCase()),
    encodeURI(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
    base64,
    base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
    asciiOnly(secret),
  ];
  return plain.flatMap((text) => {
    const once = inJson(text);
    const twice = inJson(once);
    return [text, once, twice, inJson(twice)];
  });
}

const HEX_ESCAPES = /%[0-9A-F]{2}/g;

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** As writers of JSON spell it that keep to ASCII. */
const asciiOnly = (text: string): string =>
  inJson(text).replaceAll(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);

/** The secrets in a URL: its password as it is written there, and as it is meant. */
export function secretsOfUrl(url: string): string[] {
  try {
    const { password } = new URL(url);
    return password === '' ? [] : [password, decodeURIComponent(password)];
  } catch {
    return [];
  }
}
