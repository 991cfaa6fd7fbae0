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
  return canonicalTexts(textsOf(members));
}

/** The same of members that are canonical JSON already. */
export function canonicalTexts(texts: string[]): string | undefined {
  if (texts.length < 2) return listOf(texts);
  sortByCodeUnit(texts);
  return listOf(texts.filter((text, index) => text !== texts[index - 1]));
}

function canonicalArray(items: readonly unknown[]): string | undefined {
  return listOf(textsOf(items));
}

function textsOf(items: readonly unknown[]): string[] {
  const texts: string[] = [];
  for (const item of items) {
    const text = canonicalJson(item);
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

function listOf(texts: readonly string[]): string | undefined {
  return texts.length === 0 ? undefined : `[${texts.join(',')}]`;
}

function canonicalObject(object: object): string | undefined {
  const keys = Object.keys(object);
  sortByCodeUnit(keys);
  let text = '';
  for (const key of keys) {
    const member = canonicalJson((object as Record<string, unknown>)[key]);
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${member}`;
  }
  return text === '' ? undefined : `{${text}}`;
}

/** A total order, also for keys that differ only in case. */
function sortByCodeUnit(texts: string[]): void {
  if (texts.length > fewTexts) {
    texts.sort();
    return;
  }
  for (let next = 1; next < texts.length; next += 1) {
    const text = texts[next] as string;
    let at = next;
    for (; at > 0 && (texts[at - 1] as string) > text; at -= 1) texts[at] = texts[at - 1] as string;
    texts[at] = text;
  }
}

/** So few are sorted by insertion: every user has dozens of small objects, and `sort` takes ten times as long for one. */
const fewTexts = 8;
