const longest = 2_000;
const instantPattern = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/;

/** A value of a user for people: lists as the words in them, times in UTC; JSON where nothing is plainer. */
export function showValue(value: unknown): string {
  return shorten(Array.isArray(value) ? value.map(showPart).join(', ') : showPart(value));
}

/** Two values that differ. Where they read the same, what differs is in what is left out for people: then both as JSON. */
export function showDifference(before: unknown, after: unknown): readonly [before: string, after: string] {
  const shown = [showValue(before), showValue(after)] as const;
  return shown[0] === shown[1] ? [shorten(JSON.stringify(before)), shorten(JSON.stringify(after))] : shown;
}

function showPart(value: unknown): string {
  if (typeof value === 'string') return value.replace(instantPattern, '$1 $2');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return nameOf(value) ?? JSON.stringify(value);
}

/** An address, a role or a group is known by one word; which kind of address it is stands behind it. */
function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const part = value as Readonly<Record<string, unknown>>;
  const name = part.value ?? part.name ?? part.id;
  if (typeof name !== 'string') return undefined;
  return typeof part.type === 'string' ? `${name} (${part.type})` : name;
}

function shorten(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}
