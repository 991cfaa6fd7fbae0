import { stateOf } from '../table-facts.ts';
import type { Walk } from '../vendor/walk-watch.ts';
import { currentWorker, type Worker } from '../worker.ts';
import type { World } from '../world.ts';

/** Which walk through a vendor's list a sweep has drawn its conclusions from. */
export type SweepWalks = {
  walkOf(connectionId: string, sweepId: string): Walk | undefined;
  /** The walks of the complete sweeps before, the latest first. */
  concludedBefore(connectionId: string, sweepId: string): readonly Walk[];
};

type Concluded = { readonly sweepId: string; readonly walk: Walk };

export function followSweeps({ onWrite, onRestore, watch, table }: World): SweepWalks {
  // By sweep, and by whoever has reported it: the latest last.
  const reported = new Map<string, Map<Worker | undefined, Walk>>();
  const walks = new Map<string, Walk>();
  const suspended = new Map<string, Walk>();
  const concluded = new Map<string, Concluded[]>();
  onRestore.push(() => concluded.clear());
  const keep = (id: string, sweepId: string, pagesRead: number) => {
    const worker = currentWorker.getStore();
    // A list that was read to its end before the tick was over is asked for nothing more.
    const walk = (worker && watch.walkOf(id, worker)) ?? suspended.get(`${id} ${sweepId}`);
    const ofSweep = reported.get(`${id} ${sweepId}`) ?? new Map<Worker | undefined, Walk>();
    reported.set(`${id} ${sweepId}`, ofSweep);
    if (walk !== undefined) ofSweep.set(worker, { ...walk, unread: Math.max(0, walk.pages.length - pagesRead) });
  };
  // Two may read the list of one sweep, the second after the first has lost its lease: it is that of whoever commits first.
  const walkOf = (id: string, sweepId: string): Walk | undefined => {
    const ofSweep = reported.get(`${id} ${sweepId}`);
    const walk =
      walks.get(`${id} ${sweepId}`) ?? ofSweep?.get(currentWorker.getStore()) ?? [...(ofSweep?.values() ?? [])].at(-1);
    if (walk !== undefined) walks.set(`${id} ${sweepId}`, walk);
    return walk;
  };
  const conclude = (id: string, sweepId: string) => {
    const list = concluded.get(id) ?? [];
    const walk = walkOf(id, sweepId);
    concluded.set(id, list);
    if (walk !== undefined && list[0]?.sweepId !== sweepId) list.unshift({ sweepId, walk });
  };
  onWrite.push(({ key, after }) => {
    const id = key.pk.slice('connection#'.length);
    // The report is written by whoever has read the list to its end, and before anything is committed.
    if (key.sk.startsWith('sweep#') && after !== undefined)
      return keep(id, key.sk.slice('sweep#'.length), Number(after.report?.M?.evidence?.M?.pages?.N));
    if (key.sk !== 'state') return;
    const state = stateOf(table, id);
    const worker = currentWorker.getStore();
    const walk = worker && watch.walkOf(id, worker);
    if (state?.checkpoint?.phase === 'walk' && walk !== undefined) {
      suspended.set(`${id} ${state.checkpoint.basis.sweepId}`, walk);
      watch.suspend(id, walk);
    }
    if (state?.lastComplete !== undefined) conclude(id, state.lastComplete.sweepId);
  });
  return {
    walkOf,
    concludedBefore: (id, sweepId) =>
      (concluded.get(id) ?? []).filter((one) => one.sweepId !== sweepId).map(({ walk }) => walk),
  };
}
