const maxShownCharacters = 60;

/** A value of the file as a message shows it. Never call it on anything that may hold a secret. */
export function showValue(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return nameKind(value);
  return JSON.stringify(value.length > maxShownCharacters ? `${value.slice(0, maxShownCharacters)}…` : value);
}

/** A message that says what is expected, what was found, and advice where there is some. */
export const says = (expected: string, advise: (input: unknown) => string = () => '') => ({
  error: ({ input }: { readonly input?: unknown }) =>
    input === undefined
      ? `is missing; expected ${expected}`
      : `expected ${expected}, found ${showValue(input)}${advise(input)}`,
});

/** What kind of value it is, without a text or a number: for places where a secret may stand. */
export function nameKind(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'number') return 'a number (not shown)';
  return typeof value === 'string' ? 'a text (not shown)' : String(value);
}

/** `a`, `a or b`, `a, b or c`. */
export function joinWords(words: readonly string[], conjunction: 'and' | 'or'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}

/** A path in the file: `connections[1].options.pageSize`. */
export function joinPath(base: string, steps: readonly PropertyKey[]): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`;
    const key = String(step);
    if (!/^[$\w-]+$/.test(key)) return `${path}[${showValue(key)}]`;
    return path === '' ? key : `${path}.${key}`;
  }, base);
}
