import { describe, expect, it, onTestFinished } from 'vitest';
import type { BusEvent } from '../../../local/event-bus/bus-event.ts';
import type { BusEntry } from '../../../src/events/pack-entries.ts';
import { createEventBridgeBus, maxPutTries } from '../../../src/publish/event-bridge-bus.ts';
import { answerJson, type ScriptedAnswer, startVendorServer } from '../../support/vendor-server.ts';
import { connectBus, openBus } from './open-bus.ts';

/** Entries with the details `{"n":1}`, `{"n":2}`… */
function entries(count: number, padding = ''): readonly BusEntry[] {
  return Array.from({ length: count }, (_, at) => ({
    Source: 'user-change-feed',
    DetailType: 'user.updated',
    Time: new Date('2026-11-23T12:00:00.000Z'),
    Resources: ['urn:user-change-feed:connection:acme'],
    Detail: JSON.stringify({ n: at + 1, padding }),
  }));
}

const numbersOf = (events: readonly BusEvent[]) => events.map(({ detail }) => detail.n);
const oneTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const isNumber = (...wanted: readonly number[]) => ({
  choose: ({ Detail = '{}' }: { readonly Detail?: string | undefined }) =>
    wanted.includes((JSON.parse(Detail) as { n: number }).n),
});

describe(createEventBridgeBus, () => {
  it('puts every entry on the bus once and in order, ten a call', async () => {
    const { bus, taken, calls } = await openBus();

    await bus.putEntries(entries(25));

    expect(numbersOf(taken)).toStrictEqual(oneTo(25));
    expect(calls).toStrictEqual(['DescribeEventBus', 'PutEvents 10', 'PutEvents 10', 'PutEvents 5']);
  });

  it('puts entries on the bus as they are', async () => {
    const { bus, taken } = await openBus();

    await bus.putEntries(entries(1));

    expect(taken).toMatchObject([
      {
        source: 'user-change-feed',
        'detail-type': 'user.updated',
        time: '2026-11-23T12:00:00Z',
        resources: ['urn:user-change-feed:connection:acme'],
        detail: { n: 1, padding: '' },
      },
    ]);
  });

  it('keeps every call below the limit in bytes', async () => {
    const { bus, taken, calls } = await openBus();

    await bus.putEntries(entries(9, 'ä'.repeat(120_000)));

    expect(numbersOf(taken)).toStrictEqual(oneTo(9));
    expect(calls.slice(1)).toStrictEqual(['PutEvents 4', 'PutEvents 4', 'PutEvents 1']);
  });

  it('calls nobody for nothing', async () => {
    const { bus, calls } = await openBus();

    await bus.putEntries([]);

    expect(calls).toStrictEqual([]);
  });

  it('sends the failed entries again, those alone, and in their order', async () => {
    const { bus, taken, calls, faults } = await openBus();
    faults.plant({ kind: 'entry_failed', errorCode: 'InternalFailure', times: 3, ...isNumber(2, 5, 9) });

    await bus.putEntries(entries(12));

    expect(numbersOf(taken)).toStrictEqual([1, 3, 4, 6, 7, 8, 10, 2, 5, 9, 11, 12]);
    expect(calls.slice(1)).toStrictEqual(['PutEvents 10', 'PutEvents 3', 'PutEvents 2']);
  });

  it('sends what fails again and again until it is accepted', async () => {
    const { bus, taken, calls, faults } = await openBus();
    faults.plant({ kind: 'entry_failed', errorCode: 'ThrottlingException', times: maxPutTries - 1, ...isNumber(2) });

    await bus.putEntries(entries(3));

    expect(numbersOf(taken)).toStrictEqual([1, 3, 2]);
    expect(calls.slice(1)).toStrictEqual(['PutEvents 3', ...Array(maxPutTries - 1).fill('PutEvents 1')]);
  });

  it('gives up after a bounded number of tries, says how many entries were refused and why, and sends no later call', async () => {
    const { bus, taken, calls } = await openBus({
      faults: [{ kind: 'entry_failed', errorCode: 'ThrottlingException', ...isNumber(2, 3) }],
    });

    const putting = bus.putEntries(entries(15));

    await expect(putting).rejects.toMatchObject({
      code: 'publish.partial',
      context: { failed: 2, firstErrorCode: 'ThrottlingException' },
    });
    expect(numbersOf(taken)).toStrictEqual([1, 4, 5, 6, 7, 8, 9, 10]);
    expect(calls.slice(1)).toHaveLength(maxPutTries);
  });

  it('pauses between tries, longer each time and with jitter, and never on a clock of its own', async () => {
    const faults = [{ kind: 'entry_failed', errorCode: 'ThrottlingException' }] as const;
    const whole = await openBus({ faults });
    const half = await openBus({ faults, random: () => 0.5 });

    await whole.bus.putEntries(entries(1)).catch(() => undefined);
    await half.bus.putEntries(entries(1)).catch(() => undefined);

    expect(whole.pauses).toStrictEqual([100, 200, 400, 800, 1_600]);
    expect(half.pauses).toStrictEqual([50, 100, 200, 400, 800]);
  });

  it.each(['call_throttled', 'call_failed'] as const)('reports a call that is not taken: %s', async (kind) => {
    const { bus, taken } = await openBus({ faults: [{ kind }] });

    const putting = bus.putEntries(entries(2));

    await expect(putting).rejects.toMatchObject({ code: 'publish.unavailable', context: { busName: 'feed' } });
    await expect(putting).rejects.toThrow(expect.objectContaining({ message: expect.not.stringContaining('SECRET') }));
    expect(taken).toStrictEqual([]);
  });

  it.each(['call_throttled', 'call_failed'] as const)('gets through when the SDK asks again: %s', async (kind) => {
    const { bus, taken } = await openBus({ faults: [{ kind, times: 2 }], attempts: 3 });

    await bus.putEntries(entries(2));

    expect(numbersOf(taken)).toStrictEqual([1, 2]);
  });

  it('reports a call whose answer got lost, although the bus took it', async () => {
    const { bus, taken } = await openBus({ faults: [{ kind: 'answer_lost' }] });

    const putting = bus.putEntries(entries(2));

    await expect(putting).rejects.toMatchObject({ code: 'publish.unavailable' });
    expect(numbersOf(taken)).toStrictEqual([1, 2]);
  });

  it('sends the same entries again when the SDK asks again after a lost answer', async () => {
    const { bus, taken } = await openBus({ faults: [{ kind: 'answer_lost', times: 1 }], attempts: 2 });

    await bus.putEntries(entries(2));

    expect(numbersOf(taken)).toStrictEqual([1, 2, 1, 2]);
  });

  it.each<{ what: string; answer: object }>([
    { what: 'fewer entries than it was asked for', answer: { FailedEntryCount: 0, Entries: [{ EventId: 'a' }] } },
    { what: 'no entries', answer: { FailedEntryCount: 0 } },
    {
      what: 'more entries than it was asked for',
      answer: { Entries: [{ EventId: 'a' }, { EventId: 'b' }, { EventId: 'c' }] },
    },
  ])('counts nothing as accepted where the bus answers for $what', async ({ answer }) => {
    const { bus } = await scriptedBus(answerJson({ Name: 'feed' }), answerJson(answer));

    const putting = bus.putEntries(entries(2));

    await expect(putting).rejects.toMatchObject({ code: 'publish.unavailable' });
  });

  it.each<{ what: string; answer: object }>([
    { what: 'a code, but no count', answer: { Entries: [{ EventId: 'a' }, { ErrorCode: 'InternalFailure' }] } },
    { what: 'a count, but no code', answer: { FailedEntryCount: 1, Entries: [{ EventId: 'a' }, {}] } },
  ])('sends an entry again that the bus did not accept, said with $what', async ({ answer }) => {
    const accepted = answerJson({ FailedEntryCount: 0, Entries: [{ EventId: 'b' }] });
    const { bus, calls } = await scriptedBus(answerJson({ Name: 'feed' }), answerJson(answer), accepted);

    await bus.putEntries(entries(2));

    expect(calls).toStrictEqual(['DescribeEventBus', 'PutEvents 2', 'PutEvents 1']);
  });
});

/** A bus that answers what a test wants. */
async function scriptedBus(...answers: readonly ScriptedAnswer[]) {
  const server = await startVendorServer();
  server.play(...answers);
  onTestFinished(() => server.finish().catch(() => undefined));
  return connectBus(server.baseUrl);
}

describe('the check of the bus', () => {
  it('refuses to put anything on a bus that does not exist', async () => {
    const { bus, calls } = await openBus({ busNames: ['another'] });

    const putting = bus.putEntries(entries(1));

    await expect(putting).rejects.toMatchObject({ code: 'publish.bus_missing', context: { busName: 'feed' } });
    expect(calls).toStrictEqual(['DescribeEventBus']);
  });

  it('is made at the start and then once a minute', async () => {
    const { bus, calls, clock } = await openBus();
    const checks: number[] = [];

    for (const nowMs of [0, 1, 59_999, 60_000, 60_001, 119_999, 120_000]) {
      clock.nowMs = nowMs;
      await bus.putEntries(entries(1));
      checks.push(calls.filter((call) => call === 'DescribeEventBus').length);
    }

    expect(checks).toStrictEqual([1, 1, 1, 2, 2, 2, 3]);
  });

  it('is made again at once where the bus was missing', async () => {
    const { bus, calls } = await openBus({ busNames: [] });

    await bus.putEntries(entries(1)).catch(() => undefined);
    await bus.putEntries(entries(1)).catch(() => undefined);

    expect(calls).toStrictEqual(['DescribeEventBus', 'DescribeEventBus']);
  });

  it('notices within a minute that the bus was deleted, and puts nothing more', async () => {
    const { bus, calls, clock } = await scriptedBus(
      answerJson({ Name: 'feed' }),
      answerJson({ FailedEntryCount: 0, Entries: [{ EventId: 'a' }] }),
      answerJson({ __type: 'ResourceNotFoundException' }, { status: 400 }),
    );
    await bus.putEntries(entries(1));
    clock.nowMs = 60_000;

    const putting = bus.putEntries(entries(1));

    await expect(putting).rejects.toMatchObject({ code: 'publish.bus_missing' });
    expect(calls).toStrictEqual(['DescribeEventBus', 'PutEvents 1', 'DescribeEventBus']);
  });

  it.each<[string, ScriptedAnswer]>([
    ['throttled', answerJson({ __type: 'ThrottlingException' }, { status: 400 })],
    ['forbidden', answerJson({ __type: 'AccessDeniedException' }, { status: 400 })],
    ['failed', answerJson({ __type: 'InternalException' }, { status: 500 })],
  ])('puts nothing where it is %s, and does not say that the bus is missing', async (_, answer) => {
    const { bus, calls } = await scriptedBus(answer);

    const putting = bus.putEntries(entries(1));

    await expect(putting).rejects.toMatchObject({ code: 'publish.unavailable' });
    expect(calls).toStrictEqual(['DescribeEventBus']);
  });
});
