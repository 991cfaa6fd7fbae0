import { toBusEntry } from '../src/events/pack-entries.ts';
import type { EventTarget } from '../src/publish/take-run.ts';
import { openEventFile } from './event-file.ts';
import type { Feed } from './feed.ts';
import type { OpenBus } from './open-bus.ts';
import type { TargetOptions } from './target-options.ts';
import { usageFault } from './usage-fault.ts';

/** A target, and how it is called in a question. */
export type OpenTarget = EventTarget & {
  readonly name: string;
  /** Whether every consumer gets what it takes. */
  readonly isBus: boolean;
  close(): Promise<void>;
};

/** Where the options say that events go. @throws config.invalid */
export async function openTarget(feed: Feed, options: TargetOptions, runId: () => string): Promise<OpenTarget> {
  // Loaded when it is needed: AWS's clients cost every other command a good part of its start.
  if (options.toQueue !== undefined) return (await import('./open-queue.ts')).openQueue(options.toQueue, runId);
  if (!options.toBus)
    throw usageFault('--to-queue or --to-bus', 'is missing: say which consumer is to get the events, or that all are');
  const bus = await openFeedBus(feed, options);
  return {
    name: 'every consumer of the bus',
    isBus: true,
    take: (events, tenantId) => bus.putEntries(events.map(toBusEntry), tenantId),
    close: bus.close,
  };
}

/**
 * The bus of a feed. The one of a state folder lives as long as this command and has no rules: without a file nobody would get
 * what it accepts.
 * @throws config.invalid
 */
export async function openFeedBus(feed: Feed, { events }: { readonly events?: string }): Promise<OpenBus> {
  if (feed.runtime === 'deployed') {
    if (events !== undefined) throw usageFault('--events', 'is for --state; rules of the bus subscribe to a stack');
    return feed.openBus(async () => undefined);
  }
  if (events === undefined)
    throw usageFault('--events', 'is missing: the bus of a state folder has no other subscriber than such a file');
  const file = await openEventFile(events);
  const bus = await feed.openBus(file.append);
  return {
    putEntries: bus.putEntries,
    async close() {
      await bus.close();
      await file.close();
    },
  };
}
