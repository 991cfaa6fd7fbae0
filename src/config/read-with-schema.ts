import type * as z from 'zod/mini';
import type { Fault } from '../model/feed-error.ts';
import { nearestWord } from './nearest-word.ts';
import { joinPath, joinWords, showValue } from './wording.ts';

export type SchemaReading<Output> = { readonly value: Output } | { readonly faults: readonly Fault[] };

/** Reads a value with a schema: its output, or every fault with its path below `base`. Not for values that may be secrets. */
export function readWithSchema<Output>(
  schema: z.ZodMiniType<Output>,
  value: unknown,
  base: string,
): SchemaReading<Output> {
  const knownKeys = new Map<string, readonly string[]>();
  const parsed = schema.safeParse(value, {
    reportInput: true,
    error: (issue) => {
      // Only here the issue still knows the object's schema, and with it the keys that were possible.
      if (issue.code === 'unrecognized_keys') knownKeys.set(joinPath(base, issue.path ?? []), listKeys(issue.inst));
      return explainIssue(issue as z.core.$ZodIssue);
    },
  });
  if (parsed.success) return { value: parsed.data };
  return { faults: parsed.error.issues.flatMap((issue) => toFaults(issue, base, knownKeys)) };
}

function toFaults(issue: z.core.$ZodIssue, base: string, knownKeys: ReadonlyMap<string, readonly string[]>): Fault[] {
  const path = joinPath(base, issue.path);
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  const known = knownKeys.get(path) ?? [];
  return issue.keys.map((key) => ({ path: joinPath(path, [key]), message: explainUnknownKey(key, known) }));
}

function listKeys(schema: unknown): readonly string[] {
  const { _zod } = (schema ?? {}) as { readonly _zod?: { readonly def: { readonly shape?: object } } };
  return Object.keys(_zod?.def.shape ?? {});
}

function explainUnknownKey(key: string, known: readonly string[]): string {
  const nearest = nearestWord(key, known);
  if (nearest !== undefined) return `unknown key, did you mean "${nearest}"?`;
  return `unknown key: remove it${known.length === 0 ? '' : ` (known here: ${known.join(', ')})`}`;
}

function explainIssue(issue: z.core.$ZodIssue): string {
  const expected = describeExpected(issue);
  if (issue.input === undefined) return `is missing; expected ${expected}`;
  const allowed = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const nearest = typeof issue.input === 'string' ? nearestWord(issue.input, allowed) : undefined;
  return `expected ${expected}, found ${showValue(issue.input)}${nearest === undefined ? '' : `: did you mean "${nearest}"?`}`;
}

const typeNames: { readonly [type: string]: string } = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
};
const countedThings: { readonly [origin: string]: string } = { string: ' character(s)', array: ' in the list' };

function describeExpected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return joinWords(issue.values.map(showValue), 'or');
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${countedThings[issue.origin] ?? ''}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${countedThings[issue.origin] ?? ''}`;
    case 'invalid_format':
      return issue.format === 'regex' ? `a text that matches ${issue.pattern}` : `a text of the format ${issue.format}`;
    case 'invalid_key':
      return `a key that is ${describeAny(issue.issues)}`;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return describeAny(issue.errors.flat());
    default:
      return 'another value';
  }
}

function describeAny(issues: readonly z.core.$ZodIssue[]): string {
  return joinWords([...new Set(issues.map(describeExpected))], 'or') || 'another value';
}
