import type { LogBatch } from '../../../src/model/log-batch.ts';
import type { Attributes } from '../dynamo/attribute-value.ts';
import { currentWorker, type Worker } from '../worker.ts';
import type { World } from '../world.ts';

/** A batch that was appended to a connection's log: by whom, and how often something was appended there. */
export type Append = {
  readonly connectionId: string;
  readonly worker: Worker | undefined;
  readonly batch: LogBatch;
  readonly isFirst: boolean;
};

/** Calls whenever a batch stands in the log, before anybody else sees it. */
export function watchLog({ onWrite }: Pick<World, 'onWrite'>, onAppend: (append: Append) => void): void {
  onWrite.push(({ key, before, after }) => {
    if (!key.sk.startsWith('log#') || after?.batch?.S === undefined) return;
    const batch = readBatch(after);
    onAppend({
      connectionId: batch.connectionId,
      worker: currentWorker.getStore(),
      batch,
      isFirst: before === undefined,
    });
  });
}

/** Every batch that stands in a log now, in order. */
export function batchesIn({ table, sites }: Pick<World, 'table' | 'sites'>): readonly LogBatch[] {
  return [...sites.keys()].flatMap((id) => table.partition(`connection#${id}#log`).map(readBatch));
}

/** Items are never changed, only replaced. */
const read = new WeakMap<Attributes, LogBatch>();

function readBatch(item: Attributes): LogBatch {
  const batch = read.get(item) ?? (JSON.parse(item.batch?.S ?? '{}') as LogBatch);
  read.set(item, batch);
  return batch;
}
