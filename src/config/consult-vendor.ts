import * as z from 'zod/mini';
import type { Vendor } from '../vendors/vendor.ts';

/**
 * What a vendor's code answers for the options of a connection. Options with faults are left out first: a wrong page
 * size must not hide that the base address is missing. Undefined where what is left does not suffice for an answer.
 */
export function consultVendor<Answer>(
  vendor: Vendor,
  options: unknown,
  ask: (options: unknown) => Answer,
): { readonly answer: Answer } | undefined {
  const readable = readWhatIsSound(vendor.options, options ?? {});
  if (readable === undefined) return undefined;
  try {
    return { answer: ask(readable.options) };
  } catch {
    // The vendor's code misses an option it relies on, which is a fault of its own already.
    return undefined;
  }
}

function readWhatIsSound(schema: Vendor['options'], options: unknown): { readonly options: unknown } | undefined {
  const whole = schema.safeParse(options);
  if (whole.success) return { options: whole.data };
  if (!(schema instanceof z.ZodMiniObject) || typeof options !== 'object' || options === null) return undefined;
  const faulty = new Set(whole.error.issues.map((issue) => issue.path[0]));
  const sound = Object.fromEntries(Object.entries(options).filter(([key]) => !faulty.has(key)));
  const parsed = z.partial(z.object(schema.shape)).safeParse(sound);
  return parsed.success ? { options: parsed.data } : undefined;
}
