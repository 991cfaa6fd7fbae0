import { type RunningConsole, startConsole } from '../console/server/start-console.ts';
import { createProtectorCache } from '../functions/protector-cache.ts';
import type { SimulatedWorld } from '../local/simulated-world.ts';
import type { EmbeddedRuntime } from '../local/start-runtime.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import { explainError } from './exit-code.ts';
import { operatorName } from './operator-name.ts';
import type { Output } from './output.ts';

export type ServedFeed = {
  readonly runtime: Pick<EmbeddedRuntime, 'store' | 'sweepNow'>;
  readonly world: Pick<SimulatedWorld, 'simulators'> | undefined;
  /** The connections that are polled: the state folder may know others. */
  readonly ids: readonly ConnectionId[];
  readonly name: string;
  readonly port: number | undefined;
  readonly output: Output;
  readonly nowMs?: () => number;
};

/** The console of a feed that runs in this process. @throws config.invalid where the port is taken */
export function serveConsole(served: ServedFeed): Promise<RunningConsole> {
  const { runtime, world, ids, name, port, output, nowMs = Date.now } = served;
  const { store } = runtime;
  return startConsole({
    feed: {
      store,
      nowMs,
      runtime: 'embedded',
      connections: async () => ids.toSorted(),
      protectorOf: createProtectorCache({ store, nowMs }),
      async sweepNow(id) {
        await runtime.sweepNow([id]);
        return undefined;
      },
    },
    name,
    by: whoeverRuns(),
    simulators: world?.simulators ?? [],
    port,
    onFault: (where, error) => output.note(`${where}: ${explainError(error)}`),
  });
}

/** A container may run under an id without a name: no reason to serve nothing. */
function whoeverRuns(): string {
  try {
    return operatorName(undefined);
  } catch {
    return 'console';
  }
}
