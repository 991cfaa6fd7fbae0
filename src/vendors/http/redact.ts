const cutMark = '[redacted]';
const maxTextLength = 1000;

/** Cuts secrets out of a text. */
export type Redactor = (text: string) => string;

/**
 * A redactor of these secrets, in every spelling in which a vendor may send one back: as it is, in base64, in an
 * address, in a form, inside of JSON. Empty secrets are ignored. E-mail addresses go too: a vendor's message may
 * name a user.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const spellings = [...new Set(secrets.filter((secret) => secret !== '').flatMap(spellingsOf))];
  // The longest first: a secret that contains another one must not leave its rest behind.
  spellings.sort((a, b) => b.length - a.length);
  return (text) => {
    const cut = spellings.reduce((rest, spelling) => rest.replaceAll(spelling, cutMark), text);
    return cut.replace(/[^\s"'<>,;:(){}]+/g, (word) => (word.slice(1, -1).includes('@') ? '[address]' : word));
  };
}

/** What stands in an `Authorization` header after the scheme, and for Basic the two parts it is made of. */
export function secretsOfHeader(authorization: string | undefined): readonly string[] {
  const [scheme, value] = authorization?.split(' ') ?? [];
  if (scheme === undefined || value === undefined) return [];
  if (scheme.toLowerCase() !== 'basic') return [value];
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return [value, pair, pair.slice(pair.indexOf(':') + 1)];
}

/** A text of a vendor's in one line of bounded length, without control characters. */
export function flattenText(text: string): string {
  const flat = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return flat.length <= maxTextLength ? flat : `${flat.slice(0, maxTextLength)}…`;
}

function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [
    secret,
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams({ '': secret }).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
  ];
}
