import { isFeedError } from '../model/feed-error.ts';
import type { MarkPorts } from './epoch-guard.ts';
import { epochOf, judgeTable } from './restore-guard.ts';

/** So long an answer is taken for unchanged. */
export const keptForMs = 60_000;
/** So long a good answer counts while nobody can be asked: a restore takes longer than most outages. */
export const trustedForMs = 10 * 60_000;

export type KeptEpochPorts = Pick<MarkPorts, 'readMark' | 'readTable' | 'place' | 'recovery' | 'nowMs'>;

/**
 * The feed's epoch for whoever only reads the mark, kept for a minute; only good answers are kept. A connection that has a
 * higher one makes it be read at once.
 */
export function createKeptEpoch(ports: KeptEpochPorts): (known: number) => Promise<number> {
  let kept: { readonly epoch: number; readonly readAtMs: number } | undefined;
  const ask = async (known: number) => {
    const readAtMs = ports.nowMs();
    const mark = await ports.readMark();
    const epoch = epochOf(judgeTable(mark, await ports.readTable(), known), ports);
    kept = { epoch, readAtMs };
    return epoch;
  };
  return async (known) => {
    const isWithin = (ms: number) => kept !== undefined && known <= kept.epoch && ports.nowMs() - kept.readAtMs < ms;
    if (kept !== undefined && isWithin(keptForMs)) return kept.epoch;
    try {
      return await ask(known);
    } catch (error) {
      if (kept !== undefined && isFeedError(error, 'store.unavailable') && isWithin(trustedForMs)) return kept.epoch;
      kept = undefined;
      throw error;
    }
  };
}
