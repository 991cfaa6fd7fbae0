import { isDeepStrictEqual } from 'node:util';
import type { World } from '../world.ts';

type Detail = {
  readonly metadata: { readonly eventId: string };
};

/** Whatever is published under one event id is the same, however often. */
export function watchEventContents(world: World, complain: (fault: string) => void): void {
  const known = new Map<string, unknown>();
  world.onEntry.push(({ detail }) => {
    const event = JSON.parse(detail) as Detail;
    const { eventId } = event.metadata;
    if (known.has(eventId) && !isDeepStrictEqual(known.get(eventId), event))
      complain(`two contents of event ${eventId}: ${JSON.stringify(known.get(eventId))} and ${JSON.stringify(event)}`);
    known.set(eventId, event);
  });
}
