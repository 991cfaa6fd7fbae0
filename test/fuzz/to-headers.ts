/** Headers as they can arrive: names that are tokens, values of one line in latin-1; a list stands several times. */
export function toHeaders(wished: Readonly<Record<string, unknown>>): Record<string, string | string[]> {
  const usable = Object.entries(wished).filter(([name]) => /^[\w!#$%&'*+.^`|~-]{1,200}$/.test(name));
  return Object.fromEntries(
    usable.map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.map((one) => toValue(one)) : toValue(value),
    ]),
  );
}

function toValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 16_000);
}
