import { describe, expect, it } from 'vitest';
import { followEvents } from '../../../cli/follow-events.ts';
import { createProtector } from '../../../src/diff/protect-user.ts';
import type { LogBatch } from '../../../src/model/log-batch.ts';
import { aBatch, anEventBatch } from '../store/sample-log.ts';
import { acme } from './sample-feed.ts';

/** A log that is published up to a position, and what a follower has told of it. */
function aLog(batches: readonly LogBatch[], published: number, after = 0) {
  const log = { published };
  const told: unknown[] = [];
  const reads: number[] = [];
  const store = {
    readPublished: async () => log.published,
    async *readLog(_: unknown, from: number) {
      reads.push(from);
      yield* batches.filter(({ position }) => position > from);
    },
  };
  const follower = followEvents(
    {
      store,
      protectorOf: async () => createProtector({ redact: ['displayName'], hash: [] }, 'key'),
      onEvent: async ({ detail }) => void told.push(detail),
    },
    acme,
    after,
  );
  const sequences = () => told.map((detail) => (detail as { metadata: { sequence: number } }).metadata.sequence);
  return { log, told, reads, sequences, tell: (position: number) => follower.tell({ position }) };
}

describe(followEvents, () => {
  it('tells each event once, in order, and only when it is on the bus', async () => {
    const { log, tell, sequences } = aLog(
      [1, 2, 3].map((position) => anEventBatch(acme, position)),
      1,
    );

    expect([await tell(3), sequences()]).toStrictEqual([false, [1]]);
    expect([await tell(3), sequences()]).toStrictEqual([false, [1]]);
    log.published = 3;
    expect([await tell(3), sequences()]).toStrictEqual([true, [1, 2, 3]]);
    expect([await tell(3), sequences()]).toStrictEqual([true, [1, 2, 3]]);
  });

  it('tells nothing of what was there before', async () => {
    const { tell, sequences } = aLog(
      [1, 2, 3].map((position) => anEventBatch(acme, position)),
      3,
      2,
    );

    expect([await tell(3), sequences()]).toStrictEqual([true, [3]]);
  });

  it('masks what the connection wants masked today', async () => {
    const { tell, told } = aLog([anEventBatch(acme, 1)], 1);

    await tell(1);

    expect(JSON.stringify(told)).toContain('"userId":"u"');
    expect(JSON.stringify(told)).not.toContain('User u');
  });

  it('does not read thousands of silent batches to find the one event after them', async () => {
    const silent = Array.from({ length: 2_000 }, (_, at) => aBatch(acme, at + 1));
    const last = anEventBatch(acme, 2_001, { previousEventPosition: 0 });
    const { tell, reads, sequences } = aLog([...silent, last], 2_001);

    expect([await tell(2_001), sequences()]).toStrictEqual([true, [2_001]]);
    expect(new Set(reads)).toStrictEqual(new Set([2_000]));
  });
});
