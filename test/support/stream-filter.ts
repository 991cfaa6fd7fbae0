/**
 * Whether a record matches a filter pattern of an event source mapping. Knows equality and prefixes, and refuses whatever
 * else a pattern may say rather than letting it pass.
 * Source: docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html, "Filter rule syntax" (stored copy, 2026-11).
 */
export function matchesPattern(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.some((rule) => matchesRule(value, rule));
  if (typeof pattern !== 'object' || pattern === null) throw new Error('a pattern has a list at each of its leaves');
  return Object.entries(pattern).every(([key, member]) => matchesPattern(memberOf(value, key), member));
}

function matchesRule(value: unknown, rule: unknown): boolean {
  if (typeof rule === 'string' || rule === null) return value === rule;
  const [[operator, operand] = [], ...others] = Object.entries(rule as object);
  if (operator === 'prefix' && others.length === 0) return typeof value === 'string' && value.startsWith(operand);
  throw new Error(`the filter rule ${JSON.stringify(rule)} is not simulated`);
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
