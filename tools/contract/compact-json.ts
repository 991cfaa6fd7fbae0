/** JSON in which whatever fits a line stands on one. */
export function compactJson(value: unknown, indent = '', width = 110): string {
  const line = JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ');
  if (typeof value !== 'object' || value === null || indent.length + line.length <= width) return line;
  const isList = Array.isArray(value);
  const inner = `${indent}  `;
  const members = isList
    ? value.map((member) => inner + compactJson(member, inner, width))
    : Object.entries(value).map(
        ([name, field]) => `${inner}${JSON.stringify(name)}: ${compactJson(field, inner, width)}`,
      );
  const [open, close] = isList ? '[]' : '{}';
  return `${open}\n${members.join(',\n')}\n${indent}${close}`;
}
