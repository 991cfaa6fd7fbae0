import { startRuntime } from '../../local/start-runtime.ts';
import { openStateFolder } from '../../local/state-folder.ts';
import type { TickResult } from '../../src/sweep/tick.ts';
import { vendors } from '../../src/vendors/registry.ts';
import { connectionTo } from '../memory/seeded-connection.ts';
import { startNumberedList } from '../numbered-list.ts';
import { startBareCalls } from './bare-calls.ts';
import { countCalls } from './count-calls.ts';

/** From the page that shows a change to the bus that has accepted its event. */
export type ChangeToEvent = {
  readonly elapsedMs: number;
  readonly tableCalls: number;
  readonly busCalls: number;
  readonly ticks: number;
  /** Of as many calls that do nothing, one after the other. */
  readonly bareMs: number;
};

const busOperation = 'AWSEvents.PutEvents';

/** One change a round, of one user of a list of one page, in the embedded runtime. */
export async function measureChanges(rounds: number): Promise<readonly ChangeToEvent[]> {
  const list = await startNumberedList(200);
  const connection = connectionTo(list);
  const folder = await openStateFolder(undefined);
  const bare = await startBareCalls();
  const calls = countCalls();
  let shownAt = Number.NaN;
  let acceptedAt = Number.NaN;
  let taken: ReadonlyMap<string, number> = new Map();
  let ticks = 0;
  list.onPage = () => {
    shownAt = performance.now();
    calls.take();
  };
  const runtime = await startRuntime({
    folder,
    vendors,
    resolveCredentials: async () => ({ apiKey: 'bench' }),
    onEvent: async () => {
      acceptedAt = performance.now();
      taken = calls.take();
    },
    onResult: (_: unknown, { kind }: TickResult) => {
      if (kind === 'swept' || kind === 'suspended') ticks += 1;
    },
    onFault: (where, error) => {
      throw new Error(`${where} failed`, { cause: error });
    },
  });
  try {
    await runtime.saveConnections([connection]);
    await runtime.sweepNow([connection.id]);
    const measured: ChangeToEvent[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      Object.assign(list, { changed: 1, change: round + 1 });
      ticks = 0;
      acceptedAt = Number.NaN;
      await runtime.sweepNow([connection.id]);
      if (Number.isNaN(acceptedAt)) throw new Error('a change made no event');
      const busCalls = taken.get(busOperation) ?? 0;
      const tableCalls = [...taken.values()].reduce((sum, count) => sum + count, 0) - busCalls;
      const bareMs = await bare.time(tableCalls + busCalls);
      measured.push({ elapsedMs: acceptedAt - shownAt, tableCalls, busCalls, ticks, bareMs });
    }
    // The first one finds nothing compiled.
    return measured.slice(1);
  } finally {
    await runtime.close();
    await folder.close();
    await list.close();
    calls.close();
    bare.close();
  }
}
