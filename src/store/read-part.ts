import type * as z from 'zod/mini';
import { FeedError } from '../model/feed-error.ts';
import type { Item } from './table-client.ts';

/**
 * A part of an item, as its schema says.
 * @throws internal.invariant naming the item and the faulty fields, never their content
 */
export function readPart<T>(item: Item, schema: z.ZodMiniType<T>, value: unknown, invariant: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, code }) => `${path.join('.') || 'all of it'}: ${code}`).join(', ');
  throw new FeedError('internal.invariant', `${nameItem(item)} cannot be read (${faults})`, { invariant });
}

/** The value of an attribute that holds JSON; undefined where it holds none, which no schema accepts. */
export function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

export function nameItem(item: Item): string {
  return `${String(item.pk)} ${String(item.sk)}`;
}
