import { type Attributes, type AttributeValue, compareValues, isSameValue, sizeOfValue } from './attribute-value.ts';
import { namesOf, type Placeholders, takePath, valueAt } from './expression-path.ts';
import { type ExpressionReader, readExpression } from './expression-reader.ts';

export type Condition = (item: Attributes | undefined, placeholders: Placeholders) => boolean;
type Operand = (item: Attributes | undefined, placeholders: Placeholders) => AttributeValue | undefined;

const known = new Map<string, Condition>();

/** A condition or key condition as a function of the item. */
export function parseCondition(text: string): Condition {
  const condition = known.get(text) ?? takeAny(readExpression(text));
  known.set(text, condition);
  return condition;
}

function takeAny(reader: ExpressionReader): Condition {
  const parts = [takeAll(reader)];
  while (reader.takeIf('OR')) parts.push(takeAll(reader));
  return (item, placeholders) => parts.some((part) => part(item, placeholders));
}

function takeAll(reader: ExpressionReader): Condition {
  const parts = [takeOne(reader)];
  while (reader.takeIf('AND')) parts.push(takeOne(reader));
  return (item, placeholders) => parts.every((part) => part(item, placeholders));
}

function takeOne(reader: ExpressionReader): Condition {
  if (reader.takeIf('NOT')) {
    const inner = takeOne(reader);
    return (item, placeholders) => !inner(item, placeholders);
  }
  if (reader.takeIf('(')) {
    const inner = takeAny(reader);
    reader.expect(')');
    return inner;
  }
  return takeFunction(reader) ?? takeComparison(reader);
}

function takeFunction(reader: ExpressionReader): Condition | undefined {
  if (reader.takeIf('attribute_exists')) return existence(reader, true);
  if (reader.takeIf('attribute_not_exists')) return existence(reader, false);
  if (!reader.takeIf('begins_with')) return undefined;
  reader.expect('(');
  const whole = takeOperand(reader);
  reader.expect(',');
  const start = takeOperand(reader);
  reader.expect(')');
  return (item, placeholders) => {
    const prefix = start(item, placeholders)?.S;
    return prefix !== undefined && whole(item, placeholders)?.S?.startsWith(prefix) === true;
  };
}

function existence(reader: ExpressionReader, isWanted: boolean): Condition {
  reader.expect('(');
  const path = takePath(reader);
  reader.expect(')');
  return (item, placeholders) => (valueAt(item, namesOf(path, placeholders)) !== undefined) === isWanted;
}

const orders: { readonly [sign: string]: (order: number) => boolean } = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function takeComparison(reader: ExpressionReader): Condition {
  const left = takeOperand(reader);
  if (reader.takeIf('BETWEEN')) {
    const low = takeOperand(reader);
    reader.expect('AND');
    const high = takeOperand(reader);
    const isWithin = isOrdered(left, low, '>=');
    const isBelow = isOrdered(left, high, '<=');
    return (item, placeholders) => isWithin(item, placeholders) && isBelow(item, placeholders);
  }
  const sign = reader.take();
  const right = takeOperand(reader);
  if (sign === '=') return (item, all) => isSameValue(left(item, all), right(item, all));
  if (sign === '<>') return (item, all) => !isSameValue(left(item, all), right(item, all));
  return isOrdered(left, right, sign);
}

function isOrdered(left: Operand, right: Operand, sign: string): Condition {
  return (item, placeholders) => {
    const order = compareValues(left(item, placeholders), right(item, placeholders));
    return order !== undefined && orders[sign]?.(order) === true;
  };
}

function takeOperand(reader: ExpressionReader): Operand {
  if (reader.takeIf('size')) {
    reader.expect('(');
    const path = takePath(reader);
    reader.expect(')');
    return (item, placeholders) => {
      const value = valueAt(item, namesOf(path, placeholders));
      return value && { N: String(sizeOfValue(value)) };
    };
  }
  const path = takePath(reader);
  const [first = ''] = path;
  if (first.startsWith(':')) return (_, { values }) => values[first];
  return (item, placeholders) => valueAt(item, namesOf(path, placeholders));
}
