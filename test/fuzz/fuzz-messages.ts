import type { Json } from '../../src/model/json.ts';
import type { Finding } from './try-input.ts';

/** What the process that tries inputs tells whoever watches it. */
export type FuzzMessage =
  | { readonly kind: 'progress'; readonly inputs: number; readonly accepted: number }
  /** After a collection of garbage. */
  | { readonly kind: 'heap'; readonly atMs: number; readonly bytes: number }
  /** Reduced to what it needs to break the same rule. */
  | { readonly kind: 'found'; readonly finding: Finding; readonly input: Json }
  | { readonly kind: 'done' };
