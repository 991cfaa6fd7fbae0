import type { Attributes, AttributeValue } from './attribute-value.ts';
import type { ExpressionReader } from './expression-reader.ts';

/** What stands for the `#names` and `:values` of an expression. */
export type Placeholders = {
  readonly names: { readonly [placeholder: string]: string };
  readonly values: Attributes;
};

/** The parts of a path, each as the expression writes it. */
export type ExpressionPath = readonly string[];

export function takePath(reader: ExpressionReader): ExpressionPath {
  const parts = [reader.take()];
  while (reader.takeIf('.')) parts.push(reader.take());
  return parts;
}

export function namesOf(path: ExpressionPath, { names }: Placeholders): readonly string[] {
  return path.map((part) => (part.startsWith('#') ? (names[part] ?? part) : part));
}

/** The value at a path of an item; undefined where there is none. */
export function valueAt(item: Attributes | undefined, path: readonly string[]): AttributeValue | undefined {
  const [first = '', ...rest] = path;
  const value = item?.[first];
  return rest.length === 0 ? value : valueAt(value?.M, rest);
}
