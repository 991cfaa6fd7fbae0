import type { Json } from '../../src/model/json.ts';

/** Whether one value of an event is what a rule wants. Values are leaves: texts, numbers, flags and null. */
export type ValueTest = (value: Json) => boolean;

/** What is wrong with a pattern, without the place in it. */
export class PatternFault extends Error {}

type Operator = (operand: unknown) => ValueTest;

const operators: Readonly<Record<string, Operator>> = {
  prefix: (operand) => {
    if (isIgnoringCase(operand)) return onText((text) => fold(text).startsWith(fold(operand['equals-ignore-case'])));
    const prefix = asText('prefix', operand);
    return onText((text) => text.startsWith(prefix));
  },
  suffix: (operand) => {
    if (isIgnoringCase(operand)) return onText((text) => fold(text).endsWith(fold(operand['equals-ignore-case'])));
    const suffix = asText('suffix', operand);
    return onText((text) => text.endsWith(suffix));
  },
  'equals-ignore-case': (operand) => {
    const wanted = fold(asText('equals-ignore-case', operand));
    return onText((text) => fold(text) === wanted);
  },
  wildcard: (operand) => {
    const whole = wildcardPattern(asText('wildcard', operand));
    return onText((text) => whole.test(text));
  },
  numeric: numericTest,
  'anything-but': anythingBut,
};

/**
 * The test of one member of a field's list: a value that has to be equal, or one comparison. `exists` is the field's to answer.
 * Source: AWS EventBridge user guide, "Comparison operators for use in event patterns".
 */
export function valueTest(wanted: Json): ValueTest {
  if (typeof wanted !== 'object' || wanted === null) return (value) => value === wanted;
  const [name, ...others] = Object.keys(wanted);
  if (Array.isArray(wanted) || name === undefined || others.length > 0)
    throw new PatternFault('expected a value or an object with one comparison');
  const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (operator !== undefined) return operator((wanted as Record<string, unknown>)[name]);
  throw new PatternFault(`there is no comparison ${name} here; there are ${Object.keys(operators).join(', ')}, exists`);
}

/** Everything but one or several values, or but what another comparison accepts. Whoever has no value is not meant. */
function anythingBut(operand: unknown): ValueTest {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const [name = '', ...others] = Object.keys(operand);
    const operator = operators[name];
    if (operator === undefined || others.length > 0 || name === 'numeric' || name === 'anything-but')
      throw new PatternFault('anything-but takes values, or one of prefix, suffix, equals-ignore-case, wildcard');
    const tests = listOf((operand as Record<string, unknown>)[name]).map((one) => operator(one));
    return (value) => tests.every((test) => !test(value));
  }
  const excluded = listOf(operand);
  const isPlain = excluded.every((one) => typeof one === 'string' || typeof one === 'number');
  if (!isPlain || excluded.length === 0) throw new PatternFault('anything-but takes texts or numbers, one or several');
  const kept = new Set<unknown>(excluded);
  return (value) => !kept.has(value);
}

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

function numericTest(operand: unknown): ValueTest {
  const parts = Array.isArray(operand) ? operand : [];
  const tests: ((value: number) => boolean)[] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const compare = comparisons[String(parts[at])];
    const bound: unknown = parts[at + 1];
    if (compare === undefined || typeof bound !== 'number') break;
    tests.push((value) => compare(value, bound));
  }
  if (parts.length === 0 || tests.length * 2 !== parts.length || tests.length > 2)
    throw new PatternFault('numeric takes comparisons like [">", 0, "<=", 5]');
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

/** A star is any characters; a backslash before it takes it literally. */
function wildcardPattern(text: string): RegExp {
  if (/(?<!\\)\*\*/.test(text)) throw new PatternFault('a wildcard must not have two stars side by side');
  const parts = text.match(/\\[\\*]|\*|[^\\*]+|\\/g) ?? [];
  const source = parts.map((part) => (part === '*' ? '.*' : escapeRegExp(part.replace(/^\\(?=[\\*])/, '')))).join('');
  return new RegExp(`^${source}$`, 's');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function onText(test: (text: string) => boolean): ValueTest {
  return (value) => typeof value === 'string' && test(value);
}

function isIgnoringCase(operand: unknown): operand is { readonly 'equals-ignore-case': string } {
  if (typeof operand !== 'object' || operand === null) return false;
  return 'equals-ignore-case' in operand && typeof operand['equals-ignore-case'] === 'string';
}

function asText(name: string, operand: unknown): string {
  if (typeof operand === 'string') return operand;
  throw new PatternFault(`${name} takes a text`);
}

function listOf(operand: unknown): readonly unknown[] {
  return Array.isArray(operand) ? operand : [operand];
}

function fold(text: string): string {
  return text.toLowerCase();
}
