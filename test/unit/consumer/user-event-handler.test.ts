import type { SQSHandler } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import type { FailedRecord } from '../../../src/consumer/describe-failure.ts';
import {
  createMemoryConsumerTable,
  createUserEventHandler,
  type UserEventHandlerOptions,
} from '../../../src/consumer/public.ts';
import { FeedError } from '../../../src/model/feed-error.ts';
import { aUserEvent, batchOf, bodyOf, type SampleEvent } from '../../support/event-envelope.ts';

const bodies = (...samples: readonly SampleEvent[]) => batchOf(samples.map((sample) => bodyOf(aUserEvent(sample))));
const revisions = (from: number, to: number): SampleEvent[] =>
  Array.from({ length: to - from + 1 }, (_, at) => ({
    sequence: from + at,
    revision: from + at,
    userId: `u${from + at}`,
  }));

/** A handler with its own table, and what came of it. */
function setUp(options: Partial<UserEventHandlerOptions> = {}) {
  const table = createMemoryConsumerTable();
  const failures: FailedRecord[] = [];
  const applied: string[] = [];
  const outcomes: string[] = [];
  const clock = { nowMs: 0 };
  const handler = createUserEventHandler({
    table,
    apply: async ({ metadata }) => void applied.push(`${metadata.userId} ${metadata.revision}`),
    onFailure: (failed) => failures.push(failed),
    onOutcome: (outcome) => outcomes.push(outcome),
    times: { nowMs: () => clock.nowMs },
    ...options,
  } as UserEventHandlerOptions);
  return { table, handler, failures, applied, outcomes, clock };
}

const failedIds = (answer: { batchItemFailures: { itemIdentifier: string }[] }) =>
  answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

describe(createUserEventHandler, () => {
  it('fails alone a record that cannot be read, and says why without a word of it', async () => {
    const { handler, applied, failures } = setUp();
    const [good = ''] = [bodyOf(aUserEvent())];

    const answer = await handler(batchOf([good.replace('"revision":1', '"revision":"Ada"'), 'Ada Lovelace', good]));

    expect(failedIds(answer)).toStrictEqual(['m1', 'm2']);
    expect(applied).toStrictEqual(['u1 1']);
    expect(failures).toMatchObject([
      { messageId: 'm1', code: 'event.invalid' },
      { messageId: 'm2', code: 'event.invalid' },
    ]);
    expect(JSON.stringify(failures)).not.toContain('Ada');
  });

  it('fails all records of a batch one by one, rather than the batch as a whole', async () => {
    const { handler } = setUp();

    expect(failedIds(await handler(batchOf(['a', 'b'])))).toStrictEqual(['m1', 'm2']);
  });

  it('says nothing of an error that is not its own but the name', async () => {
    const { handler, failures } = setUp({ apply: () => Promise.reject(new TypeError('no mailbox of Ada Lovelace')) });

    expect(failedIds(await handler(bodies({})))).toStrictEqual(['m1']);
    expect(failures).toStrictEqual([{ messageId: 'm1', error: 'TypeError' }]);
  });

  it('leaves alone what is older than what it has applied, and what it has applied', async () => {
    const { handler, applied, outcomes } = setUp();

    await handler(bodies({ revision: 3 }, { revision: 3 }, { revision: 2 }, { revision: 4, origin: 'replay' }));

    expect(applied).toStrictEqual(['u1 3', 'u1 4']);
    expect(outcomes).toStrictEqual(['applied', 'stale', 'stale', 'applied']);
  });

  it('applies a resync of the revision that is known, once', async () => {
    const { handler, outcomes } = setUp();
    const resync = { revision: 3, origin: 'resync', eventId: '00000000-0000-5000-8000-00000000aaaa' } as const;

    await handler(bodies({ revision: 3 }, resync, resync));

    expect(outcomes).toStrictEqual(['applied', 'applied', 'stale']);
  });

  it('leaves a user to his lease after an effect that failed, and tries again when it has ended', async () => {
    let failing = true;
    const applied: number[] = [];
    const { handler, failures, clock } = setUp({
      leaseMs: 1000,
      async apply({ metadata }) {
        if (failing) throw new Error('timed out');
        applied.push(metadata.revision);
      },
    });

    await handler(bodies({ revision: 1 }));
    failing = false;
    await handler(bodies({ revision: 2 }));
    clock.nowMs = 1000;
    const answer = await handler(bodies({ revision: 2 }, { revision: 1 }));

    expect(failures.map(({ code, error }) => code ?? error)).toStrictEqual(['Error', 'consumer.busy']);
    expect(failedIds(answer)).toStrictEqual([]);
    expect(applied).toStrictEqual([2]);
  });

  it('aborts an effect before its lease ends, and does not count one that outlived it', async () => {
    const signals: number[] = [];
    const { handler, table, failures, clock } = setUp({
      leaseMs: 40_000,
      async apply(event) {
        clock.nowMs += 40_001;
        await table.claim(
          { ...event.metadata, isResync: false, revision: 2 },
          { holder: 'other', nowMs: clock.nowMs, untilMs: clock.nowMs + 1 },
        );
      },
      times: {
        nowMs: () => clock.nowMs,
        abortAfter: (ms) => {
          signals.push(ms);
          return new AbortController().signal;
        },
      },
    });

    expect(failedIds(await handler(bodies({ revision: 1 })))).toStrictEqual(['m1']);
    expect(failures).toMatchObject([{ code: 'consumer.lease_outlived' }]);
    expect(signals).toStrictEqual([35_000]);
  });

  it('asks a target that compares revisions itself, and needs no table for it', async () => {
    const outcomes: string[] = [];
    const handler = createUserEventHandler({
      applyIfNewer: async ({ metadata }) => metadata.revision > 1,
      onOutcome: (outcome) => outcomes.push(outcome),
    });

    await handler(bodies({ revision: 1 }, { revision: 2 }));

    expect(outcomes).toStrictEqual(['stale', 'applied']);
  });

  it('keeps in its table what is said, and what truncated events leave out', async () => {
    const { table, handler } = setUp({
      apply: undefined,
      applyInSameWrite: ({ data }: { data: { user: { status: string; bio?: string } } }) => ({
        status: data.user.status,
        ...(data.user.bio !== undefined && { bio: data.user.bio }),
      }),
    } as never);

    await handler(bodies({ revision: 1, user: { bio: 'long' } }, { revision: 2, user: { status: 'suspended' } }));

    expect(table.attributesOf('acme', 'u1')).toStrictEqual({ status: 'suspended', bio: 'long' });
  });

  it('gives events about connections to their own callback, notices as well', async () => {
    const heard: string[] = [];
    const { handler } = setUp({ onConnectionEvent: ({ type }) => void heard.push(type) });
    const { userId: _, revision: __, window: ___, reason: ____, ...metadata } = aUserEvent().metadata;
    const { sweep: _____, sequence: ______, mappingVersion: _______, ...noticed } = metadata;
    const since = '2026-11-23T08:00:00.000Z';

    const answer = await handler(
      batchOf([
        bodyOf({ type: 'connection.baseline_completed', metadata, data: { users: 3 } } as never),
        bodyOf({ type: 'connection.stale', metadata: noticed, data: { since } } as never),
      ]),
    );

    expect(failedIds(answer)).toStrictEqual([]);
    expect(heard).toStrictEqual(['connection.baseline_completed', 'connection.stale']);
  });

  it('lets pass a type of a later version, and fails what has another major one', async () => {
    const unknown: string[] = [];
    const { handler, failures } = setUp({ onUnknownType: (type) => unknown.push(type) });
    const later = bodyOf({ ...aUserEvent(), type: 'user.merged' } as never);
    const other = bodyOf(aUserEvent({ schemaVersion: '2.0' }));

    expect(failedIds(await handler(batchOf([later, other])))).toStrictEqual(['m2']);
    expect(unknown).toStrictEqual(['user.merged']);
    expect(failures).toMatchObject([{ code: 'event.other_version' }]);
  });

  it('refuses to look for gaps without a table to remember what has arrived', () => {
    const guarded = { applyIfNewer: async () => true, onGap: () => undefined };

    expect(() => createUserEventHandler(guarded)).toThrow(FeedError);
  });
});

describe('gaps of the sequence', () => {
  const watching = (more: Partial<UserEventHandlerOptions> = {}) => {
    const gaps: string[] = [];
    const onGap: UserEventHandlerOptions['onGap'] = ({ connectionId, epoch, expected, got }) =>
      void gaps.push(`${connectionId} ${epoch}: ${expected}..${got}`);
    return { ...setUp({ onGap, gapGraceMs: 1000, ...more }), gaps };
  };

  it('are told when their time has passed, with what was expected and what came', async () => {
    const { handler, gaps, clock } = watching();

    await handler(bodies(...revisions(1, 2)));
    await handler(bodies(...revisions(5, 6)));
    expect(gaps).toStrictEqual([]);
    clock.nowMs = 1000;
    await handler(bodies(...revisions(7, 7)));
    await handler(bodies(...revisions(8, 8)));

    expect(gaps).toStrictEqual(['acme 1: 3..5']);
  });

  it('are filled by what comes late, by replays, and by types nobody knows yet', async () => {
    const { handler, gaps, clock } = watching();
    const later = bodyOf({ ...aUserEvent({ sequence: 2 }), type: 'user.merged' } as never);

    await handler(bodies(...revisions(1, 1), ...revisions(5, 5)));
    await handler(batchOf([later, bodyOf(aUserEvent({ sequence: 3, revision: 3, origin: 'replay' }))]));
    await handler(bodies({ sequence: 4, revision: 4 }));
    clock.nowMs = 5000;
    await handler(bodies(...revisions(6, 6)));

    expect(gaps).toStrictEqual([]);
  });

  it('are not filled by a resync, which only repeats the last sequence', async () => {
    const { handler, gaps, clock } = watching();

    await handler(bodies(...revisions(1, 1), ...revisions(3, 3)));
    await handler(bodies({ sequence: 2, revision: 9, origin: 'resync' }));
    clock.nowMs = 1000;
    await handler(bodies(...revisions(4, 4)));

    expect(gaps).toStrictEqual(['acme 1: 2..3']);
  });

  it('are noted in what comes by way of SNS as well', async () => {
    const { handler, gaps, clock, applied } = watching();
    const bySns = (sample: SampleEvent) =>
      JSON.stringify({ Type: 'Notification', Message: bodyOf(aUserEvent(sample)) });

    await handler(batchOf([bySns({ sequence: 1 }), bySns({ sequence: 3, revision: 2 })]));
    clock.nowMs = 1000;
    await handler(batchOf([bySns({ sequence: 4, revision: 3 })]));

    expect(applied).toStrictEqual(['u1 1', 'u1 2', 'u1 3']);
    expect(gaps).toStrictEqual(['acme 1: 2..3']);
  });

  it('do not count what arrived and could not be applied', async () => {
    const { handler, gaps, clock } = watching({ apply: () => Promise.reject(new Error('down')) });

    await handler(bodies(...revisions(1, 3)));
    clock.nowMs = 5000;
    await handler(bodies(...revisions(4, 4)));

    expect(gaps).toStrictEqual([]);
  });

  it('fail the batch when they cannot be told, and are told when it comes again', async () => {
    let tries = 0;
    const onGap = () => {
      tries += 1;
      if (tries === 1) throw new Error('no pager');
    };
    const { handler, clock } = watching({ onGap });
    await handler(bodies(...revisions(1, 1), ...revisions(3, 3)));
    clock.nowMs = 1000;

    await expect(handler(bodies(...revisions(4, 4)))).rejects.toThrow('no pager');
    await handler(bodies(...revisions(4, 4)));
    await handler(bodies(...revisions(5, 5)));

    expect(tries).toBe(2);
  });

  it('are kept apart by connection, and noted by workers side by side', async () => {
    const { handler, gaps, clock } = watching();
    const odd = { connectionId: 'other' };

    await Promise.all([
      handler(bodies(...revisions(1, 1), { ...odd, sequence: 70 })),
      handler(bodies(...revisions(2, 2), { ...odd, sequence: 71 })),
      handler(bodies(...revisions(4, 4), { ...odd, sequence: 72 })),
    ]);
    clock.nowMs = 1000;
    await handler(bodies(...revisions(5, 5), { ...odd, sequence: 73 }));

    expect(gaps).toStrictEqual(['acme 1: 3..4']);
  });
});

// Lambda's own types take it as a handler.
createUserEventHandler({ applyIfNewer: async () => true }) satisfies SQSHandler;
