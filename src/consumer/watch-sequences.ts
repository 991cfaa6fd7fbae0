import { FeedError } from '../model/feed-error.ts';
import type { ConsumerTable } from './consumer-table.ts';
import { type GapPatience, noteSequences, type SequenceGap } from './seen-sequences.ts';

export type ConnectionGap = SequenceGap & { readonly connectionId: string };
/** Where an event stands in the order of its connection. */
export type SequencePlace = { readonly connectionId: string; readonly epoch: number; readonly sequence: number };

export type SequenceWatchPorts = {
  readonly table: Pick<ConsumerTable, 'readSequences' | 'writeSequences'>;
  readonly onGap: (gap: ConnectionGap) => void | Promise<void>;
  readonly patience: GapPatience;
  readonly nowMs: () => number;
};

const maxTries = 20;

/**
 * Notes what has arrived, and tells of gaps that nothing has filled in time: at least once each. It looks only when
 * something arrives, and cannot know of events missing at the end.
 */
export async function watchSequences(ports: SequenceWatchPorts, places: readonly SequencePlace[]): Promise<void> {
  const byConnection = Map.groupBy(places, ({ connectionId }) => connectionId);
  for (const [connectionId, own] of byConnection) {
    const epochs = [...Map.groupBy(own, ({ epoch }) => epoch)].sort(([one], [other]) => one - other);
    for (const [epoch, arrived] of epochs) {
      const sequences = arrived.map(({ sequence }) => sequence).sort((one, other) => one - other);
      await note(ports, connectionId, epoch, sequences);
    }
  }
}

async function note(
  { table, onGap, patience, nowMs }: SequenceWatchPorts,
  connectionId: string,
  epoch: number,
  sequences: readonly number[],
): Promise<void> {
  const told = new Set<string>();
  const tellOnce = async (gap: SequenceGap) => {
    const name = `${gap.epoch} ${gap.got}`;
    if (!told.has(name)) await onGap({ connectionId, ...gap });
    told.add(name);
  };
  for (let tries = 0; tries < maxTries; tries += 1) {
    const known = await table.readSequences(connectionId);
    const { seen, gaps } = noteSequences(known?.value, { epoch, sequences, nowMs: nowMs() }, patience);
    if (seen === known?.value) return;
    // Told before it is written: a crash in between tells it twice rather than never.
    for (const gap of gaps) await tellOnce(gap);
    if (await table.writeSequences(connectionId, known?.version ?? 0, seen)) return;
  }
  const item = `the sequences of ${connectionId}`;
  throw new FeedError('store.conflict', `${item} changed under ${maxTries} writes in a row: deliver again later`, {
    item,
  });
}
