import { FeedError } from '../../src/model/feed-error.ts';
import type { Json } from '../../src/model/json.ts';
import { PatternFault, type ValueTest, valueTest } from './value-test.ts';

/** Whether an event, in its envelope, is one that a rule wants. */
export type EventMatcher = (event: object) => boolean;

/** Whether a value of the event, or its absence, is wanted at some place of the pattern. */
type PlaceTest = (value: unknown) => boolean;

/**
 * Reads an event pattern as EventBridge does: every field named has to match, by any member of its list; a list in the event
 * matches by any of its members; fields that are not named do not matter. All comparisons but `cidr`, and `$or`.
 * No npm package for this is kept up with them. Source: AWS EventBridge user guide, "Event patterns".
 * @throws config.invalid naming the place in the pattern
 */
export function readPattern(pattern: unknown, path: string): EventMatcher {
  const faults: { path: string; message: string }[] = [];
  const matches = objectTest(pattern, path, (at, message) => faults.push({ path: at, message }));
  if (faults.length === 0) return matches;
  const message = faults.map((fault) => `${fault.path}: ${fault.message}`).join('\n');
  throw new FeedError('config.invalid', message, { faults });
}

type Complain = (path: string, message: string) => void;

function objectTest(pattern: unknown, path: string, complain: Complain): PlaceTest {
  if (!isObject(pattern) || Object.keys(pattern).length === 0) {
    complain(path, 'expected an object with at least one field, like {"detail-type": ["user.deleted"]}');
    return () => false;
  }
  const tests = Object.entries(pattern).map(([name, wanted]) =>
    name === '$or' ? orTest(wanted, `${path}.$or`, complain) : fieldTest(name, wanted, `${path}.${name}`, complain),
  );
  // A list of objects matches where one of them has everything that is wanted.
  const all: PlaceTest = (value) =>
    Array.isArray(value) ? value.some(all) : tests.every((test) => test(isObject(value) ? value : {}));
  return all;
}

function orTest(wanted: unknown, path: string, complain: Complain): PlaceTest {
  if (!Array.isArray(wanted) || wanted.length < 2) {
    complain(path, 'expected a list of two patterns or more');
    return () => false;
  }
  const tests = wanted.map((one, at) => objectTest(one, `${path}[${at}]`, complain));
  return (value) => tests.some((test) => test(value));
}

function fieldTest(name: string, wanted: unknown, path: string, complain: Complain): PlaceTest {
  const test = Array.isArray(wanted) ? listTest(wanted, path, complain) : objectTest(wanted, path, complain);
  return (value) => test(isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);
}

function listTest(wanted: readonly unknown[], path: string, complain: Complain): PlaceTest {
  if (wanted.length === 0) complain(path, 'expected a list with at least one value');
  const tests = wanted.map((one) => {
    try {
      return memberTest(one as Json);
    } catch (error) {
      if (!(error instanceof PatternFault)) throw error;
      complain(path, error.message);
      return () => false;
    }
  });
  return (value) => {
    const leaves = leavesOf(value);
    return tests.some((test) => test(leaves));
  };
}

function memberTest(wanted: Json): (leaves: readonly Json[]) => boolean {
  if (isObject(wanted) && 'exists' in wanted) {
    const { exists, ...others } = wanted;
    if (typeof exists !== 'boolean' || Object.keys(others).length > 0)
      throw new PatternFault('exists takes true or false, and nothing beside it');
    return (leaves) => leaves.length > 0 === exists;
  }
  const test: ValueTest = valueTest(wanted);
  return (leaves) => leaves.some(test);
}

/** The values at a place: none where there is nothing, or an object, which is no leaf. */
function leavesOf(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return value === undefined || isObject(value) ? [] : [value as Json];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
