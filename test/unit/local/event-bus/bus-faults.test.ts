import { describe, expect, it, vi } from 'vitest';
import { type BusFault, createBusFaults } from '../../../../local/event-bus/bus-faults.ts';
import { entry, numberedEntries, numbersOf, startBus } from './bus-under-test.ts';

const throttledEntry = { ErrorCode: 'ThrottlingException', ErrorMessage: 'A planted fault.' };

describe(createBusFaults, () => {
  it('fails chosen entries and takes the others', async () => {
    const { bus, put, taken } = await startBus();
    const fault = bus.faults.plant({
      kind: 'entry_failed',
      errorCode: 'ThrottlingException',
      choose: ({ Detail }) => Detail !== '{"n":2}',
    });

    const answer = await put(...numberedEntries(3));

    expect(answer).toStrictEqual({
      FailedEntryCount: 2,
      Entries: [throttledEntry, { EventId: 'event-1' }, throttledEntry],
    });
    expect(numbersOf(taken)).toStrictEqual([2]);
    expect(fault.firedCount).toBe(2);
  });

  it('counts entries from its planting on, across calls, so that the n-th can be chosen', async () => {
    const { bus, put, taken } = await startBus();
    await put(entry());
    bus.faults.plant({ kind: 'entry_failed', errorCode: 'InternalFailure', choose: (_entry, nth) => nth === 3 });

    await put(...numberedEntries(2));
    await put(...numberedEntries(2));

    expect(numbersOf(taken)).toStrictEqual([1, 1, 2, 2]);
  });

  it('lets an entry pass once it has fired as often as it may', async () => {
    const { put, taken } = await startBus({
      faults: [{ kind: 'entry_failed', errorCode: 'InternalFailure', times: 2 }],
    });

    const first = await put(...numberedEntries(3));
    const second = await put(...numberedEntries(2));

    expect([first.FailedEntryCount, second.FailedEntryCount]).toStrictEqual([2, 0]);
    expect(numbersOf(taken)).toStrictEqual([3, 1, 2]);
  });

  it('leaves the firing to the fault planted first', async () => {
    const { bus, put } = await startBus();
    const first = bus.faults.plant({ kind: 'entry_failed', errorCode: 'InternalFailure', times: 1 });
    const second = bus.faults.plant({ kind: 'entry_failed', errorCode: 'ThrottlingException', times: 1 });

    const answer = await put(...numberedEntries(3));

    expect(answer.Entries?.map(({ ErrorCode }) => ErrorCode)).toStrictEqual([
      'InternalFailure',
      'ThrottlingException',
      undefined,
    ]);
    expect([first.firedCount, second.firedCount]).toStrictEqual([1, 1]);
  });

  it.each([
    { kind: 'call_throttled', name: 'ThrottlingException', status: 400 },
    { kind: 'call_failed', name: 'InternalException', status: 500 },
  ] as const)('refuses a whole call with $status, then recovers', async ({ kind, name, status }) => {
    const { bus, put, taken } = await startBus();
    const fault = bus.faults.plant({ kind, times: 1 });

    await expect(put(...numberedEntries(2))).rejects.toMatchObject({ name, $metadata: { httpStatusCode: status } });
    expect(taken).toStrictEqual([]);
    await put(...numberedEntries(2));

    expect(numbersOf(taken)).toStrictEqual([1, 2]);
    expect(fault.firedCount).toBe(1);
  });

  it('carries a call out and cuts the connection instead of answering', async () => {
    const { bus, put, taken } = await startBus();
    const fault = bus.faults.plant({ kind: 'answer_lost', times: 1 });

    await expect(put(entry())).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(taken).toMatchObject([{ id: 'event-1' }]);
    await put(entry());

    expect(taken).toMatchObject([{ id: 'event-1' }, { id: 'event-2' }]);
    expect(fault.firedCount).toBe(1);
  });

  it('keeps a slow call waiting while others pass, and gives it up when the bus closes', async () => {
    const { bus, put, taken } = await startBus();
    const fault = bus.faults.plant({ kind: 'slow', delayMs: 3_600_000, times: 1 });

    const slow = expect(put(...numberedEntries(1))).rejects.toThrow(/socket hang up|ECONNRESET/);
    await vi.waitFor(() => expect(fault.firedCount).toBe(1), 60_000);
    await put(...numberedEntries(2));
    await bus.close();
    await slow;

    expect(numbersOf(taken)).toStrictEqual([1, 2]);
  });

  it('carries a slow call out in the end', async () => {
    const { bus, put, taken } = await startBus();
    const fault = bus.faults.plant({ kind: 'slow', delayMs: 1 });

    await put(entry());

    expect(numbersOf(taken)).toStrictEqual([1]);
    expect(fault.firedCount).toBe(1);
  });

  it('stops firing once it is switched off', async () => {
    const { bus, put, taken } = await startBus();
    const fault = bus.faults.plant({ kind: 'call_throttled' });

    await expect(put(entry())).rejects.toThrow('Rate exceeded');
    fault.switchOff();
    await put(entry());

    expect(numbersOf(taken)).toStrictEqual([1]);
    expect(fault.firedCount).toBe(1);
  });

  it('names the faults that never fired', async () => {
    const fired: BusFault = { kind: 'entry_failed', errorCode: 'InternalFailure' };
    const neverChosen: BusFault = { kind: 'entry_failed', errorCode: 'InternalFailure', choose: () => false };
    const neverReached: BusFault = { kind: 'slow', delayMs: 1, times: 0 };
    const { bus, put } = await startBus({ faults: [fired, neverChosen, neverReached] });

    await put(entry());

    expect(bus.faults.unfired()).toStrictEqual([neverChosen, neverReached]);
  });
});
