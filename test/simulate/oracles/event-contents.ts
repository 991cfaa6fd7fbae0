import { isDeepStrictEqual } from 'node:util';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Connection } from '../../../src/model/connection.ts';
import type { World } from '../world.ts';

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

/** By connection: fields that an operator has had taken out at some time. */
function followRedactions({ onWrite }: World): ReadonlyMap<string, ReadonlySet<string>> {
  const redacted = new Map<string, Set<string>>();
  onWrite.push(({ key, after }) => {
    if (key.sk !== 'settings' || after?.connection?.M === undefined) return;
    const { id, protection } = unmarshall(after.connection.M as never) as Connection;
    redacted.set(id, new Set([...(redacted.get(id) ?? []), ...protection.redact]));
  });
  return redacted;
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
