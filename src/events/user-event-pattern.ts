import { FeedError } from '../model/feed-error.ts';
import { eventSource, userEventTypes } from './feed-event.ts';
import type { UserEventFilter } from './user-event-filter.ts';

type Matcher =
  | string
  | { readonly prefix: string }
  | { readonly exists: boolean }
  | { readonly 'anything-but': readonly string[] };
type Matchers = readonly Matcher[];

/** An event pattern as `PutRule` takes it, as JSON. */
export type EventPattern = {
  readonly source: string[];
  readonly 'detail-type': string[];
  readonly detail?: { readonly [part: string]: object };
};

/** Characters of a pattern. Source: AWS EventBridge user guide, "EventBridge quotas": 2,048, which support can raise. */
const maxPatternLength = 2048;

/** Where the values of each part of a filter stand in `detail`. */
const places = {
  vendors: ['metadata', 'vendor'],
  connections: ['metadata', 'connectionId'],
  tenants: ['metadata', 'tenantId'],
  origins: ['metadata', 'origin'],
  reasons: ['metadata', 'reason', 'code'],
  changedFields: ['data', 'changedFields'],
  restored: ['data', 'restored'],
  statusFrom: ['data', 'status', 'from'],
  statusTo: ['data', 'status', 'to'],
} as const;

type Part = keyof typeof places;

/**
 * The event pattern of a rule that receives the user events a filter asks for.
 * @throws config.invalid for an empty list, a part nobody knows, and a pattern that is too long for a rule
 */
export function userEventPattern(filter: UserEventFilter = {}): EventPattern {
  const { types = userEventTypes, ...parts } = filter as Readonly<Record<string, unknown>>;
  const detail: Record<string, object> = {};
  for (const [name, value] of Object.entries(parts)) {
    if (value === undefined) continue;
    if (!isPart(name)) throw invalid(name, `unknown; a filter has types, ${Object.keys(places).join(', ')}`);
    put(detail, places[name], matchersOf(name, value));
  }
  const pattern: EventPattern = {
    source: [eventSource],
    'detail-type': listOf('types', types) as string[],
    ...(Object.keys(detail).length > 0 && { detail }),
  };
  const { length } = JSON.stringify(pattern);
  if (length > maxPatternLength)
    throw invalid(
      '',
      `the pattern has ${length} characters, a rule takes ${maxPatternLength}: use two rules, or a prefix`,
    );
  return pattern;
}

function isPart(name: string): name is Part {
  return Object.hasOwn(places, name);
}

function matchersOf(part: Part, value: unknown): Matchers {
  if (typeof value === 'boolean') return [{ exists: value }];
  if (isNegation(value)) return [{ 'anything-but': listOf(`${part}.not`, value.not) as string[] }];
  return listOf(part, value);
}

function isNegation(value: unknown): value is { readonly not: unknown } {
  return typeof value === 'object' && value !== null && 'not' in value;
}

function listOf(path: string, value: unknown): Matcher[] {
  if (!Array.isArray(value) || value.length === 0) throw invalid(path, 'expected a list of at least one value');
  return [...new Set<Matcher>(value)];
}

/** Puts matchers at a place of the detail, making what lies above it. */
function put(detail: Record<string, object>, [first, ...rest]: readonly string[], matchers: Matchers): void {
  if (first === undefined) return;
  if (rest.length === 0) detail[first] = matchers;
  else {
    detail[first] ??= {};
    put(detail[first] as Record<string, object>, rest, matchers);
  }
}

function invalid(path: string, message: string): FeedError<'config.invalid'> {
  const text = path === '' ? message : `filter.${path}: ${message}`;
  return new FeedError('config.invalid', text, { faults: [{ path, message }] });
}
