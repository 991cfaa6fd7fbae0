import type { World } from '../world.ts';
import { batchesIn } from './log-watch.ts';

type Detail = {
  readonly metadata: {
    readonly connectionId: string;
    readonly epoch: number;
    readonly sequence?: number;
    readonly origin?: string;
  };
};

/** Nothing is lost: in the end, whatever the log says is on the bus. Answers what is not. */
export function followDeliveries(world: World): () => readonly string[] {
  const arrived = new Set<string>();
  world.onEntry.push(({ detail }) => {
    const { connectionId, epoch, sequence, origin } = (JSON.parse(detail) as Detail).metadata;
    // The present tells the last sequence again, which may never have arrived itself.
    if (origin !== 'resync') arrived.add(nameOf(connectionId, epoch, sequence ?? 0));
  });
  return () =>
    batchesIn(world)
      .flatMap(({ connectionId, epoch, transitions, connectionChanges }) => {
        const changes = [...transitions.flatMap(({ change }) => change ?? []), ...connectionChanges];
        return changes.map(({ sequence }) => nameOf(connectionId, epoch, sequence));
      })
      .filter((name) => !arrived.has(name))
      .map((name) => `event ${name} never arrived on the bus`);
}

function nameOf(connectionId: string, epoch: number, sequence: number): string {
  return `${sequence} of ${connectionId} in epoch ${epoch}`;
}
