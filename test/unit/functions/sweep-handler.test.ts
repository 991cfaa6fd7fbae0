import type { Context, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createSweepHandler, type TickPlace } from '../../../functions/sweep.ts';
import { createSweepQueue, type QueuedSweep } from '../../../local/sweep-queue.ts';
import { type ConnectionId, connectionId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { SweepMessage } from '../../../src/sweep/dispatch-ports.ts';
import type { UserList } from '../../../src/sweep/ports.ts';
import type { TickResult } from '../../../src/sweep/tick.ts';
import { aConnection } from '../store/sample-log.ts';

const id = connectionId('acme');

/** A handler whose connections are free, held by others, or throw as soon as their lease is asked for. */
function openHandler(leases: { readonly [name: string]: 'held' | 'throws' } = {}, roomFor = 2) {
  const places = new Map<string, number>();
  const results: (readonly [string, TickResult['kind']])[] = [];
  const faults: TickPlace[] = [];
  const tried: string[] = [];
  const continued: SweepMessage[] = [];
  const handler = createSweepHandler({
    ports: {
      readEpoch: async () => 1,
      nowMs: () => 1_000,
      store: {
        async acquireLease(one: ConnectionId) {
          tried.push(one);
          if (leases[one] === 'throws') throw new Error('poison');
          return { kind: 'held' };
        },
      },
    } as never,
    places: {
      async keepPlace(_, one, untilMs) {
        if (!places.has(one) && places.size >= roomFor) return false;
        places.set(one, untilMs);
        return true;
      },
      async leavePlace(_, one) {
        places.delete(one);
      },
    },
    readConnection: async (one) => (one.startsWith('gone') ? undefined : aConnection(one)),
    openList: ({ id: connection }) => ({ connectionId: connection }) as UserList,
    continueSweep: async (next) => void continued.push(next),
    holder: 'holder',
    ownsAllLeases: false,
    onResult: (one, { kind }) => results.push([one, kind]),
    onFault: (where) => faults.push(where),
  });
  const deliver = (...messages: readonly object[]) => {
    const Records = messages.map((message, at) => ({
      messageId: `m${at}`,
      body: JSON.stringify(message),
      attributes: { ApproximateReceiveCount: '2' },
    }));
    return handler({ Records } as unknown as SQSEvent, { getRemainingTimeInMillis: () => 60_000 } as Context);
  };
  return { handler, deliver, places, results, faults, tried };
}

const message = (name: string): SweepMessage => ({ connectionId: connectionId(name), dueAt: instant(0), budget: 'b' });

describe('createSweepHandler', () => {
  it('gives the place back when the tick is over', async () => {
    const { deliver, places, results } = openHandler();

    await deliver(message('acme'));

    expect([results, [...places]]).toStrictEqual([[['acme', 'busy']], []]);
  });

  it('gives the place back when the tick throws, and the message to the queue', async () => {
    const { deliver, places, faults } = openHandler({ acme: 'throws' });

    const answer = await deliver(message('acme'), message('other'));

    expect(answer).toStrictEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect([...places]).toStrictEqual([]);
    expect(faults).toStrictEqual([{ connectionId: 'acme', vendor: 'openproject', receives: 2 }]);
  });

  it('does not sweep where its budget is full, and leaves the others their places', async () => {
    const { deliver, places, tried } = openHandler();
    places.set('x', 1).set('y', 1);

    const answer = await deliver(message('acme'));

    expect([answer.batchItemFailures, tried, [...places.keys()]]).toStrictEqual([[], [], ['x', 'y']]);
  });

  it('needs no place for what an operator asked for', async () => {
    const { deliver, places, tried } = openHandler();
    places.set('x', 1).set('y', 1);

    await deliver({ connectionId: id });

    expect(tried).toStrictEqual(['acme']);
  });

  it('drops a message about a connection that is gone', async () => {
    const { deliver, results } = openHandler();

    expect(await deliver(message('gone'))).toStrictEqual({ batchItemFailures: [] });
    expect(results).toStrictEqual([['gone', 'unknown']]);
  });
});

describe('a poisonous connection', () => {
  it('is tried three times and lands among the dead letters, while the others are swept', async () => {
    const { handler, results, tried } = openHandler({ poison: 'throws' });
    const dead: string[] = [];
    const queue = createSweepQueue({
      handler,
      afterMessage: async () => undefined,
      onDeadLetter: (one) => dead.push(one),
      nowMs: () => 0,
    });
    const names = ['poison', ...Array.from({ length: 20 }, (_, number) => `c${number}`)];

    for (const name of names) await queue.send(message(name) as QueuedSweep);
    await queue.drain();

    expect(dead).toStrictEqual(['poison']);
    expect(tried.filter((one) => one === 'poison')).toHaveLength(3);
    expect(results.map(([one]) => one).sort()).toStrictEqual(names.slice(1).sort());
  });
});
