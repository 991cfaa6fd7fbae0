import { findHold, type KnownHold } from '../diff/judge-change.ts';
import type { Sweep } from './sweep.ts';

/** The hold on deletions that somebody belongs to. */
export function deletionHold({ holds }: Pick<Sweep, 'holds'>, keyHash: string): KnownHold | undefined {
  return findHold(holds, 'deleted', keyHash);
}
