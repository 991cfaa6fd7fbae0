import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventQueue } from '../../../bench/scale/event-queue.ts';

describe(createEventQueue, () => {
  it('gives what was put in by its time, and in the order of putting where times are equal', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (times) => {
        const queue = createEventQueue();
        for (const [what, at] of times.entries()) queue.put(at, what);

        const taken = times.map(() => ({ at: queue.nextAt, what: queue.take() }));

        const expected = times.map((at, what) => ({ at, what })).toSorted((a, b) => a.at - b.at);
        expect(taken).toStrictEqual(expected);
        expect(queue.nextAt).toBe(Number.POSITIVE_INFINITY);
      }),
    );
  });

  it('takes in what comes while others are taken out', () => {
    const queue = createEventQueue();
    for (const at of [5, 1, 3]) queue.put(at, at);

    const taken = [queue.take()];
    queue.put(2, 2);
    taken.push(queue.take(), queue.take(), queue.take());

    expect(taken).toStrictEqual([1, 2, 3, 5]);
  });
});
