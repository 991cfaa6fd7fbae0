import { stateOf } from '../table-facts.ts';
import type { World } from '../world.ts';
import { watchLog } from './log-watch.ts';

/** Counts what has to come up now and then, so that a slice can be asked whether it did. */
export function countMoments(world: World): void {
  const { onWrite, table, tally } = world;
  const seen = new Set<string>();
  const once = (what: string, name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    tally.count(what);
  };
  onWrite.push(({ key, after }) => {
    if (key.sk === 'state') countState(stateOf(table, key.pk.slice('connection#'.length)), once);
    if (!key.sk.startsWith('sweep#')) return;
    const report = after?.report?.M;
    once(`${report?.mode?.S === 'delta' ? 'delta' : 'sweep'}_${report?.outcome?.S}`, key.sk);
  });
  watchLog(world, ({ connectionId, batch }) => {
    if (batch.sweep === undefined) once('lease_taken_over', `${connectionId} ${batch.position} ${batch.epoch}`);
  });
}

type Once = (what: string, name: string) => void;

function countState(state: ReturnType<typeof stateOf>, once: Once): void {
  if (state === undefined) return;
  const { checkpoint, layout } = state;
  if (checkpoint?.phase === 'walk') once('suspended', `${checkpoint.basis.sweepId} ${checkpoint.tick}`);
  if (checkpoint?.phase === 'commit') once('commit_in_parts', `commit of ${checkpoint.basis.sweepId}`);
  if (layout.bits > 0) once('index_doubled', `${layout.id} ${layout.bits}`);
}
