import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Connection } from '../../../src/model/connection.ts';
import type { World } from '../world.ts';

/** By connection: fields that an operator has had taken out at some time. */
export function followRedactions({ onWrite }: World): ReadonlyMap<string, ReadonlySet<string>> {
  const redacted = new Map<string, Set<string>>();
  onWrite.push(({ key, after }) => {
    if (key.sk !== 'settings' || after?.connection?.M === undefined) return;
    const { id, protection } = unmarshall(after.connection.M as never) as Connection;
    redacted.set(id, new Set([...(redacted.get(id) ?? []), ...protection.redact]));
  });
  return redacted;
}
