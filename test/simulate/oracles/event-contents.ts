import { isDeepStrictEqual } from 'node:util';
import type { World } from '../world.ts';
import { followRedactions } from './redactions.ts';

type Detail = {
  readonly metadata: { readonly eventId: string; readonly connectionId: string };
  readonly data: {
    readonly user?: object;
    readonly changedFields?: readonly string[];
    readonly changes?: readonly { readonly field: string }[];
  };
};

/** Whatever is published under one event id is the same, however often; but for what was to be taken out by then. */
export function watchEventContents(world: World, complain: (fault: string) => void): void {
  const known = new Map<string, Detail>();
  const redacted = followRedactions(world);
  world.onEntry.push(({ detail }) => {
    const event = JSON.parse(detail) as Detail;
    const { eventId, connectionId } = event.metadata;
    const before = known.get(eventId);
    known.set(eventId, event);
    if (before === undefined || isDeepStrictEqual(before, event)) return;
    const fields = redacted.get(connectionId) ?? new Set();
    if (!isDeepStrictEqual(without(fields, before), without(fields, event)))
      complain(`two contents of event ${eventId}: ${JSON.stringify(before)} and ${JSON.stringify(event)}`);
  });
}

function without(fields: ReadonlySet<string>, event: Detail): object {
  const { user, changedFields, changes } = event.data;
  const isKept = (field: string) => !fields.has(field);
  return {
    ...event,
    data: {
      ...event.data,
      user: user && Object.fromEntries(Object.entries(user).filter(([field]) => isKept(field))),
      changedFields: changedFields?.filter(isKept),
      changes: changes?.filter(({ field }) => isKept(field)),
    },
  };
}
