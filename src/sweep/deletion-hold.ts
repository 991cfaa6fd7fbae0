import { fromHex } from '../diff/digest.ts';
import type { KnownHold } from '../diff/judge-change.ts';
import type { Sweep } from './sweep.ts';

/** The hold on deletions that somebody belongs to. */
export function deletionHold({ holds }: Pick<Sweep, 'holds'>, keyHash: string): KnownHold | undefined {
  const key = fromHex(keyHash);
  return holds.find(
    ({ hold, members }) => hold.kind === 'deleted' && hold.reason !== 'field_vanished' && members.find(key) !== -1,
  );
}
