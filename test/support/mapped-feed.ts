import type { DynamoDBStreamEvent } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { type ConnectionId, connectionId } from '../../src/model/ids.ts';
import type { LogBatch } from '../../src/model/log-batch.ts';
import { logItem } from '../../src/store/log-store.ts';
import { anEventBatch } from '../unit/store/sample-log.ts';
import { type DeployedOptions, startDeployedFeed } from './deployed-feed.ts';
import { readMappingRules, type StreamRules } from './mapping-rules.ts';
import { createStreamMapping } from './stream-mapping.ts';

export type MappedOptions = Partial<DeployedOptions> & {
  readonly rules?: Partial<StreamRules>;
  /** Called with what an invocation is given; a rejection is the death of the function. */
  readonly onInvoke?: (event: DynamoDBStreamEvent) => Promise<void>;
};

/** The publish function as composed for Lambda, behind the mapping that the stack gives it, until the end of the test. */
export async function openMappedFeed({ rules, onInvoke, ...options }: MappedOptions = {}) {
  const feed = await startDeployedFeed({ answerVendor: (response) => void response.writeHead(500).end(), ...options });
  onTestFinished(feed.close);
  const mapping = createStreamMapping({
    rules: { ...readMappingRules().stream, ...rules },
    async handler(event) {
      await onInvoke?.(event);
      return feed.publish(event);
    },
    nowMs: () => feed.clock.nowMs,
  });
  const write = async (batch: LogBatch, shard: string) => {
    await feed.store.appendBatch(batch);
    mapping.put(shard, { eventName: 'INSERT', item: logItem(batch) });
  };
  return {
    ...feed,
    mapping,
    /** Puts a batch into the log, and with that on the table's stream. */
    write,
    /** Batches with one event each, whose position and sequence are these numbers. */
    async commit(id: ConnectionId, positions: readonly number[], shard = 'shard') {
      for (const position of positions) await write(anEventBatch(id, position), shard);
    },
    /** As a consumer has it that ignores an event id it knows: the sequences of a connection as they were first heard. */
    heard: (id: ConnectionId) => firstHeard(feed.taken, id),
  };
}

export const [acme, beta, gamma] = ['acme', 'beta', 'gamma'].map(connectionId) as [
  ConnectionId,
  ConnectionId,
  ConnectionId,
];

function firstHeard(taken: readonly BusEvent[], id: ConnectionId): readonly number[] {
  const known = new Map<string, number>();
  for (const { detail } of taken) {
    const { connectionId: owner, eventId, sequence } = detail.metadata as unknown as EventNames;
    if (owner === id && !known.has(eventId)) known.set(eventId, sequence);
  }
  return [...known.values()];
}

type EventNames = { readonly connectionId: string; readonly eventId: string; readonly sequence: number };
