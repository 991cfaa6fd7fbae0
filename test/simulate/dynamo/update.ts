import { AwsFault } from '../aws-fault.ts';
import type { Attributes, AttributeValue } from './attribute-value.ts';
import { type ExpressionPath, namesOf, type Placeholders, takePath, valueAt } from './expression-path.ts';
import { type ExpressionReader, readExpression } from './expression-reader.ts';

export type Update = (item: Attributes, placeholders: Placeholders) => Attributes;
type Step = (item: Attributes, before: Attributes, placeholders: Placeholders) => Attributes;

const known = new Map<string, Update>();

/** An update expression as a function of the item; what it reads is the item as it was before. */
export function parseUpdate(text: string): Update {
  const update = known.get(text) ?? takeUpdate(readExpression(text));
  known.set(text, update);
  return update;
}

function takeUpdate(reader: ExpressionReader): Update {
  const steps: Step[] = [];
  while (reader.peek() !== undefined) {
    const takeStep = reader.takeIf('REMOVE') ? takeRemoval : takeSetting(reader);
    do steps.push(takeStep(reader));
    while (reader.takeIf(','));
  }
  return (before, placeholders) => steps.reduce((item, step) => step(item, before, placeholders), before);
}

function takeSetting(reader: ExpressionReader): (reader: ExpressionReader) => Step {
  reader.expect('SET');
  return takeAssignment;
}

function takeRemoval(reader: ExpressionReader): Step {
  const path = takePath(reader);
  return (item, _, placeholders) => withValue(item, namesOf(path, placeholders), undefined);
}

function takeAssignment(reader: ExpressionReader): Step {
  const path = takePath(reader);
  reader.expect('=');
  const left = takePath(reader);
  const right = reader.takeIf('+') ? takePath(reader) : undefined;
  return (item, before, placeholders) => {
    const value = operandOf(left, before, placeholders);
    const sum = right === undefined ? value : addTo(value, operandOf(right, before, placeholders));
    return withValue(item, namesOf(path, placeholders), sum);
  };
}

function operandOf(path: ExpressionPath, item: Attributes, placeholders: Placeholders): AttributeValue {
  const [first = ''] = path;
  const value = first.startsWith(':') ? placeholders.values[first] : valueAt(item, namesOf(path, placeholders));
  if (value !== undefined) return value;
  throw new AwsFault(
    'ValidationException',
    'The provided expression refers to an attribute that does not exist in the item',
  );
}

function addTo(one: AttributeValue, other: AttributeValue): AttributeValue {
  return { N: String(Number(one.N) + Number(other.N)) };
}

function withValue(item: Attributes, path: readonly string[], value: AttributeValue | undefined): Attributes {
  const [first = '', ...rest] = path;
  if (rest.length > 0) {
    const inner = item[first]?.M;
    if (inner !== undefined) return { ...item, [first]: { M: withValue(inner, rest, value) } };
    throw new AwsFault(
      'ValidationException',
      'The document path provided in the update expression is invalid for update',
    );
  }
  if (value !== undefined) return { ...item, [first]: value };
  const { [first]: _, ...others } = item;
  return others;
}
