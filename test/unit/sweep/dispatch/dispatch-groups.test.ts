import { describe, expect, it } from 'vitest';
import { type ConnectionId, connectionId } from '../../../../src/model/ids.ts';
import { type Instant, instant } from '../../../../src/model/instant.ts';
import type { ConnectionState } from '../../../../src/sweep/connection-state.ts';
import { dispatchDue } from '../../../../src/sweep/dispatch-due.ts';
import type { DispatchedConnection, DispatchPorts, QueuedMessage } from '../../../../src/sweep/dispatch-ports.ts';
import { minuteMs, noon, noonMs } from '../../../support/dispatch-under-test.ts';
import { aConnection, aState } from '../../store/sample-log.ts';

type Given = {
  /** Who is due, in this order, and what differs in their state. */
  readonly due?: readonly string[];
  readonly watched?: readonly string[];
  readonly states?: Readonly<Record<string, Partial<ConnectionState>>>;
  readonly paused?: readonly string[];
  readonly ports?: Partial<Omit<DispatchPorts, 'store'>>;
  readonly store?: Partial<DispatchPorts['store']>;
};

const wellUntil = instant(noonMs + 100 * minuteMs);

/** Dispatches over a store that is there for this alone, in which each connection has a budget of its own. */
async function dispatch({ due = [], watched = [], states = {}, paused = [], ports, store }: Given) {
  const epochs: number[] = [];
  const reads: (readonly ConnectionId[])[] = [];
  const sent: QueuedMessage[] = [];
  const left: string[] = [];
  const faults: unknown[] = [];
  const seen = (id: ConnectionId): DispatchedConnection => ({
    connection: aConnection(id, { baseUrl: `https://${id}`, ...(paused.includes(id) && { paused: true }) }),
    state: aState({ watchAt: wellUntil, createdAt: noon, ...states[id] }),
  });
  async function* each<T>(names: readonly string[], toItem: (id: ConnectionId) => T): AsyncIterable<T> {
    for (const name of names) yield toItem(connectionId(name));
  }
  const report = await dispatchDue({
    store: {
      dueConnections: () => each(due, (id) => ({ connectionId: id, dueAt: noon })),
      watchedConnections: () => each(watched, (id) => ({ connectionId: id, watchAt: noon })),
      async readDispatched(ids) {
        reads.push(ids);
        return ids.map(seen);
      },
      postpone: async () => true,
      watchAgain: async () => undefined,
      readPlaces: async (budgets) =>
        new Map(budgets.map((budget) => [budget, { budget, until: new Map(), revision: 0 }])),
      writePlaces: async () => true,
      keepPlace: async () => true,
      leavePlace: async (budget, id) => void left.push(`${id} ${budget}`),
      listNotices: () => each([], () => undefined as never),
      writeNotice: async () => true,
      deleteNotice: async () => true,
      listReports: () => each([], () => undefined as never),
      ...store,
    },
    queue: {
      async send(messages) {
        sent.push(...messages);
        return [];
      },
    },
    publish: async () => undefined,
    async readEpoch(known) {
      epochs.push(known);
      return 1;
    },
    nowMs: () => noonMs,
    hashText: (text) => (text.startsWith('jitter') ? '00000025' : text.replaceAll(/[^a-z0-9]/g, '')),
    onFault: (...fault) => faults.push(fault),
    ...ports,
  });
  return { report, epochs, reads, sent, left, faults, asked: sent.map(({ message }) => message.connectionId) };
}

const fault = new Error('not now');
const fails = async () => {
  throw fault;
};
const dueAgo = (minutes: number): { readonly dueAt: Instant } => ({ dueAt: instant(noonMs - minutes * minuteMs) });

describe('a dispatch', () => {
  it('sends a message that names the due time and the budget, later by some of the interval', async () => {
    const { sent, report, faults } = await dispatch({ due: ['a'], states: { a: dueAgo(3) } });

    expect(sent).toStrictEqual([
      {
        message: { connectionId: 'a', dueAt: instant(noonMs - 3 * minuteMs), budget: expect.stringContaining('https') },
        tenantId: 'tenant',
        delaySeconds: 37,
      },
    ]);
    expect(report).toStrictEqual({ due: 1, sent: 1, failing: 0, stale: 0, oldestCompleteSeconds: 0 });
    expect(faults).toStrictEqual([]);
  });

  it('sends nothing at all where nobody is to be swept', async () => {
    const { report, reads } = await dispatch({ ports: { queue: { send: fails } } });

    expect(report).toStrictEqual({ due: 0, sent: 0, failing: 0, stale: 0 });
    expect(reads).toStrictEqual([]);
    const resting = await dispatch({ due: ['a'], paused: ['a'], ports: { queue: { send: fails } } });
    expect(resting.faults).toStrictEqual([]);
  });

  it('reads fifty connections at a time', async () => {
    const names = (count: number) => Array.from({ length: count }, (_, n) => `c${n}`);

    const { reads, report } = await dispatch({ due: names(51) });

    expect(reads.map(({ length }) => length)).toStrictEqual([50, 1]);
    expect(report).toMatchObject({ due: 51, sent: 51 });
    expect((await dispatch({ due: names(50) })).reads).toHaveLength(1);
  });

  it('asks first for those that have been due the longest', async () => {
    const states = { a: dueAgo(1), b: dueAgo(3), c: dueAgo(2) };

    expect((await dispatch({ due: ['a', 'b', 'c'], states })).asked).toStrictEqual(['b', 'c', 'a']);
  });

  it('looks at those whose time has come, and at none of them twice', async () => {
    const looked: string[] = [];
    const store = { watchAgain: async (id: ConnectionId) => void looked.push(id) };
    const states = { a: { watchAt: noon }, b: { watchAt: noon } };

    const { reads, asked } = await dispatch({ due: ['a'], watched: ['a', 'b'], states, store });

    expect(reads).toStrictEqual([['a'], ['b']]);
    expect(looked).toStrictEqual(['a', 'b']);
    expect(asked).toStrictEqual(['a']);
    expect((await dispatch({ due: ['a'], watched: ['a'], states, store })).reads).toStrictEqual([['a']]);
  });

  it('asks for the epoch first, and again where a connection has a higher one than the feed', async () => {
    const states = { a: { epoch: 1 }, b: { epoch: 3 } };

    expect((await dispatch({ due: ['a'], states })).epochs).toStrictEqual([0]);
    expect((await dispatch({ due: ['a', 'b'], states })).epochs).toStrictEqual([0, 3]);
    expect((await dispatch({ watched: ['b'], states })).epochs).toStrictEqual([0, 3]);
  });

  it('sends nothing of a connection that is ahead of the feed', async () => {
    const sent: unknown[] = [];
    const readEpoch = async (known: number) => (known > 1 ? fails() : 1);
    const send = async (messages: readonly QueuedMessage[]) => {
      sent.push(...messages);
      return [];
    };

    await expect(
      dispatch({ due: ['a'], states: { a: { epoch: 2 } }, ports: { readEpoch, queue: { send } } }),
    ).rejects.toBe(fault);
    expect(sent).toStrictEqual([]);
  });

  it('postpones whoever is paused from the due time that it saw', async () => {
    const postponed: unknown[] = [];
    const store = { postpone: async (...what: readonly unknown[]) => postponed.push(what) > 0 };

    const { asked } = await dispatch({ due: ['a', 'b'], paused: ['a'], states: { a: dueAgo(4) }, store });

    expect(postponed).toStrictEqual([['a', instant(noonMs - 4 * minuteMs), instant(noonMs + 15 * minuteMs)]]);
    expect(asked).toStrictEqual(['b']);
  });
});

describe('a dispatch in which something fails', () => {
  it('goes on where one cannot be postponed', async () => {
    const { asked, faults } = await dispatch({ due: ['a', 'b'], paused: ['a'], store: { postpone: fails } });

    expect(asked).toStrictEqual(['b']);
    expect(faults).toStrictEqual([['a', fault]]);
  });

  it('goes on where one cannot be looked at', async () => {
    const watchAgain = async (id: ConnectionId) => {
      if (id === 'a') throw fault;
    };

    const { report, faults } = await dispatch({
      due: ['a', 'b'],
      states: { a: { watchAt: noon }, b: { watchAt: noon } },
      store: { watchAgain },
    });

    expect(report.sent).toBe(2);
    expect(faults).toStrictEqual([['a', fault]]);
  });

  it('gives all places back where the queue takes nothing', async () => {
    const { report, left, faults } = await dispatch({ due: ['a', 'b'], ports: { queue: { send: fails } } });

    expect(report).toMatchObject({ due: 2, sent: 0 });
    expect(left.map((line) => line.split(' ')[0])).toStrictEqual(['a', 'b']);
    expect(faults).toStrictEqual([[undefined, fault]]);
  });

  it('gives back the place of a message that the queue has left, in its own budget', async () => {
    let taken: readonly QueuedMessage[] = [];
    const send = async (messages: readonly QueuedMessage[]) => {
      taken = messages.slice(1);
      return messages.slice(0, 1);
    };

    const { report, left } = await dispatch({ due: ['a', 'b'], ports: { queue: { send } } });

    expect(report.sent).toBe(1);
    expect(left).toStrictEqual([expect.stringMatching(/^a .*httpsa/)]);
    expect(taken.map(({ message }) => message.connectionId)).toStrictEqual(['b']);
  });

  it('tells of a place that cannot be given back', async () => {
    const { faults } = await dispatch({ due: ['a'], ports: { queue: { send: fails } }, store: { leavePlace: fails } });

    expect(faults).toStrictEqual([
      [undefined, fault],
      ['a', fault],
    ]);
  });

  it('tells of notices that cannot be published, after everything else', async () => {
    const states = { a: { failures: 3 } };

    const { report, faults } = await dispatch({ due: ['a'], states, ports: { publish: fails } });

    expect(report).toMatchObject({ sent: 1, failing: 1 });
    expect(faults).toStrictEqual([[undefined, fault]]);
  });
});
