import * as z from 'zod/mini';
import type { FeedMark } from '../model/feed-mark.ts';
import type { Instant } from '../model/instant.ts';

const markSchema = z.looseObject({
  epoch: z.int().check(z.positive()),
  table: z.optional(z.union([z.string(), z.array(z.string())])),
  recovered: z.optional(z.looseObject({ by: z.string(), at: z.string() })),
});

/** The mark that a parsed JSON text says; undefined where it says none. */
export function readMarkJson(value: unknown): FeedMark | undefined {
  const read = markSchema.safeParse(value);
  if (!read.success) return undefined;
  const { epoch, table = [], recovered } = read.data;
  const tables = typeof table === 'string' ? [table] : table;
  return { epoch, tables, ...(recovered && { recovered: { by: recovered.by, at: recovered.at as Instant } }) };
}

/** `{"epoch":1,"table":"…"}`: one table by itself, several as a list, none left out. */
export function writeMarkJson({ epoch, tables, recovered }: FeedMark): object {
  const table = tables.length > 1 ? tables : tables[0];
  return { epoch, ...(table !== undefined && { table }), ...(recovered && { recovered }) };
}
