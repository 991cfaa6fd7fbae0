import type { JsonObject } from '../../src/model/json.ts';
import type { SentEntry } from './sent-entry.ts';

/**
 * An event as EventBridge hands it to a rule's target. `time` is in whole seconds, e.g. `2026-11-23T08:15:30Z`.
 * Source: AWS EventBridge user guide, "AWS service event metadata".
 */
export type BusEvent = {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
};

/** Nobody's account and a usual region: what stands in the envelopes of a bus without a cloud around it. */
export const account = '000000000000';
export const region = 'us-east-1';

/** An accepted entry in its envelope. `nowMs` is the time of an entry that brings none. */
export function toBusEvent(entry: SentEntry, detail: JsonObject, id: string, nowMs: number): BusEvent {
  const epochMs = entry.Time === undefined ? nowMs : entry.Time * 1_000;
  return {
    version: '0',
    id,
    'detail-type': entry.DetailType ?? '',
    source: entry.Source ?? '',
    account,
    time: `${new Date(epochMs).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`,
    region,
    resources: entry.Resources ?? [],
    detail,
  };
}
