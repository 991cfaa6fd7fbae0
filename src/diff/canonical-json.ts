/**
 * The canonical JSON of a value: object keys sorted by code unit, no spaces, and absence in one spelling:
 * `undefined`, `null`, `""`, empty arrays and empty objects all yield undefined and vanish inside of others.
 * Equal values yield equal text whatever the order of their keys; arrays keep their order.
 */
export function canonicalJson(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value === '' ? undefined : JSON.stringify(value);
    case 'number':
      return Number.isFinite(value) ? JSON.stringify(value) : undefined;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return undefined;
      return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value);
    default:
      return undefined;
  }
}

/** The canonical JSON of an array that is a set: members sorted by their own text, each once. */
export function canonicalSet(members: readonly unknown[]): string | undefined {
  const texts = new Set<string>();
  for (const member of members) {
    const text = canonicalJson(member);
    if (text !== undefined) texts.add(text);
  }
  return texts.size === 0 ? undefined : `[${[...texts].sort().join(',')}]`;
}

function canonicalArray(items: readonly unknown[]): string | undefined {
  const texts: string[] = [];
  for (const item of items) {
    const text = canonicalJson(item);
    if (text !== undefined) texts.push(text);
  }
  return texts.length === 0 ? undefined : `[${texts.join(',')}]`;
}

function canonicalObject(object: object): string | undefined {
  // The default sort compares code units: a total order, also for keys that differ only in case.
  const keys = Object.keys(object).sort();
  let text = '';
  for (const key of keys) {
    const member = canonicalJson((object as Record<string, unknown>)[key]);
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${member}`;
  }
  return text === '' ? undefined : `{${text}}`;
}
