import type { SweepStore } from '../../../src/sweep/ports.ts';
import type { TickResult } from '../../../src/sweep/tick.ts';
import type { ToldStory } from '../../support/told-story.ts';

/** From now on the store answers otherwise. */
export const change = ({ feed }: ToldStory, methods: Partial<SweepStore>) => Object.assign(feed.store, methods);

/** The blobs of a connection that its last sweep, or its next tick, does not know of. */
export async function blobsOf({ feed, state }: ToldStory) {
  const { absent, checkpoint } = await state();
  const { blobs } = feed.store as unknown as { readonly blobs: ReadonlyMap<string, { readonly expires: boolean }> };
  const compared = checkpoint?.phase === 'walk' ? checkpoint.compared : undefined;
  return [...blobs].filter(([name]) => name !== absent.blob && name !== compared);
}

/** What a suspended sweep goes on with. */
export function nextOf(result: TickResult) {
  if (result.kind !== 'suspended') throw new Error(`expected a suspended sweep, got ${result.kind}`);
  return result.next;
}
