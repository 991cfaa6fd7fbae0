import type * as z from 'zod/mini';
import { type Cursor, cursor } from '../../model/ids.ts';
import type { JsonObject } from '../../model/json.ts';
import { type FaultPlace, vendorFault } from './vendor-fault.ts';

/** A cursor that holds all a later process needs to go on. */
export function writeCursor(content: JsonObject): Cursor {
  return cursor(JSON.stringify(content));
}

/**
 * What `writeCursor` wrote, possibly in another process or another version.
 *
 * @throws vendor.cursor_rejected where it is not of this form: the list has to start again
 */
export function readCursor<Content>(stored: Cursor, schema: z.ZodMiniType<Content>, place: FaultPlace): Content {
  const parsed = schema.safeParse(parseJson(stored));
  if (parsed.success) return parsed.data;
  const message = 'was not asked: the stored cursor cannot be read, the list has to start again';
  throw vendorFault(place, { code: 'vendor.cursor_rejected', message });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
