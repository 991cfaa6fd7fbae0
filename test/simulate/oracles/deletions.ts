import type { LogBatch, Transition } from '../../../src/model/log-batch.ts';
import type { ConnectionPlan } from '../seed-plan.ts';
import { connectionIn } from '../table-facts.ts';
import type { Walk } from '../vendor/walk-watch.ts';
import type { World } from '../world.ts';
import { watchLog } from './log-watch.ts';
import type { SweepWalks } from './sweep-walks.ts';

/**
 * Nobody is deleted while the evidence is incomplete: he was in none of as many complete sweeps in a row as it takes, each of
 * them read to its end with nothing to be noticed against it; or in one of them, and the vendor did not find him when asked.
 */
export function watchDeletions(world: World, sweeps: SweepWalks, complain: (fault: string) => void): void {
  const { tally, watch, plan, sites, table } = world;
  const ids = [...sites.keys()];
  watchLog(world, ({ connectionId, batch }) => {
    const isNarrowed = connectionIn(table, connectionId)?.users !== undefined;
    const rules = plan.connections[ids.indexOf(connectionId)];
    for (const transition of batch.transitions.filter(({ change }) => change?.type === 'deleted')) {
      tally.count('deleted');
      const { userId } = transition.entry;
      const isReported = watch.shown(connectionId, userId).get('status')?.has('"deleted"') === true;
      const doubt = rules && findDoubt(batch, transition, { rules, sweeps, isReported, isNarrowed });
      if (doubt !== undefined) complain(`${connectionId} ${userId} is deleted ${doubt}`);
    }
  });
}

type Means = {
  readonly rules: ConnectionPlan;
  readonly sweeps: SweepWalks;
  readonly isReported: boolean;
  readonly isNarrowed: boolean;
};

/** What speaks against a deletion; undefined where nothing does. */
function findDoubt(
  { connectionId, sweep }: LogBatch,
  { change, entry: { userId } }: Transition,
  { rules, sweeps, isReported, isNarrowed }: Means,
): string | undefined {
  if (change?.reason.code === 'vendor_reported') return isReported ? undefined : 'although nobody has reported it';
  const walk = sweep && sweeps.walkOf(connectionId, sweep.sweepId);
  const doubt = doubtOf(walk);
  if (walk === undefined || doubt !== undefined) return doubt;
  // Whoever the rules leave out from now on is listed all the same.
  if (change?.reason.code === 'left_scope') return isNarrowed ? undefined : 'as left out by rules that nobody has made';
  return tooSeldom(userId, [walk, ...sweeps.concludedBefore(connectionId, sweep?.sweepId ?? '')], rules);
}

/** Where he was not missed as often as it takes. */
function tooSeldom(userId: string, walks: readonly Walk[], rules: ConnectionPlan): string | undefined {
  const missed = missedBy(userId, walks);
  const needed = rules.isProbing && walks[0]?.notFound.has(userId) ? 1 : rules.confirmSweeps;
  return missed < needed ? `after ${missed} of ${needed} lists without him` : undefined;
}

/** Why a walk proves nothing about anybody. */
function doubtOf(walk: Walk | undefined): string | undefined {
  if (walk === undefined) return 'by a sweep that has read nothing';
  if (walk.isDelta) return 'by a list of changed users';
  const denied = walk.pages.filter(({ denials }) => denials.size > 0);
  if (denied.length <= (walk.unread ?? 0)) return undefined;
  const denials = new Set(denied.flatMap((page) => [...page.denials]));
  return `by a list that proves nothing: ${[...denials].join()}`;
}

/** In how many walks in a row, the latest first, nobody saw him. */
function missedBy(userId: string, walks: readonly Walk[]): number {
  // What was not looked at may be any of the pages.
  const seen = walks.findIndex(
    ({ pages, unread = 0 }) => pages.filter(({ served }) => served.has(userId)).length > unread,
  );
  return seen === -1 ? walks.length : seen;
}
