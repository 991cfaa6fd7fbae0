import { DescribeEventBusCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it, vi } from 'vitest';
import { putEvents } from '../../../../local/event-bus/put-events.ts';
import { entry, numberedEntries, numbersOf, startBus } from './bus-under-test.ts';

const limitBytes = 1024 * 1024;
/** Bytes of an entry's source and detail type, beside its detail. */
const headBytes = 'user-change-feed'.length + 'user.created'.length;

/** A JSON object of exactly that many bytes. */
function detailOf(bytes: number): string {
  return JSON.stringify({ n: 'x'.repeat(bytes - '{"n":""}'.length) });
}

describe(putEvents, () => {
  it('hands an accepted entry over in the envelope of EventBridge', async () => {
    const { put, taken } = await startBus();
    const time = new Date('2026-11-22T23:59:59.999Z');
    const resources = ['urn:user-change-feed:connection:acme'];

    const answer = await put(entry({ Time: time, Resources: resources, Detail: '{"data":{"user":{"title":"Äöß"}}}' }));

    expect(answer).toStrictEqual({ FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] });
    expect(taken).toStrictEqual([
      {
        version: '0',
        id: 'event-1',
        'detail-type': 'user.created',
        source: 'user-change-feed',
        account: '000000000000',
        time: '2026-11-22T23:59:59Z',
        region: 'us-east-1',
        resources,
        detail: { data: { user: { title: 'Äöß' } } },
      },
    ]);
  });

  it('gives an entry without a time the time of the call, and no resources', async () => {
    const { put, taken } = await startBus();

    await put(entry());

    expect(taken).toMatchObject([{ time: '2026-11-23T08:15:30Z', resources: [] }]);
  });

  it('hands entries over in their order, one call after the other', async () => {
    const { put, taken } = await startBus({ onEvent: () => new Promise((resolve) => setImmediate(resolve)) });
    const entries = numberedEntries(6);

    await Promise.all([put(...entries.slice(0, 3)), put(...entries.slice(3))]);

    expect([
      [1, 2, 3, 4, 5, 6],
      [4, 5, 6, 1, 2, 3],
    ]).toContainEqual(numbersOf(taken));
  });

  it('acknowledges a call only when its events have been taken', async () => {
    const onEvent = vi.fn<() => Promise<void>>();
    const taking = Promise.withResolvers<void>();
    onEvent.mockReturnValueOnce(taking.promise);
    const { client, put } = await startBus({ onEvent });
    const acknowledged = vi.fn();

    const answer = put(entry()).then(acknowledged);
    await vi.waitFor(() => expect(onEvent).toHaveBeenCalledOnce(), 60_000);
    await client.send(new DescribeEventBusCommand({ Name: 'feed' }));

    expect(acknowledged).not.toHaveBeenCalled();
    taking.resolve();
    await answer;
    expect(acknowledged).toHaveBeenCalledOnce();
  });

  it('fails the entry that was not taken, and only that', async () => {
    const { put, taken } = await startBus({
      onEvent: ({ detail }) => (detail.n === 2 ? Promise.reject(new Error('disk full')) : undefined),
    });

    const answer = await put(...numberedEntries(3));

    expect(answer).toStrictEqual({
      FailedEntryCount: 1,
      Entries: [
        { EventId: 'event-1' },
        { ErrorCode: 'InternalFailure', ErrorMessage: 'disk full' },
        { EventId: 'event-3' },
      ],
    });
    expect(numbersOf(taken)).toStrictEqual([1, 3]);
  });

  it('accepts ten entries in one call', async () => {
    const { put, taken } = await startBus();

    await put(...numberedEntries(10));

    expect(numbersOf(taken)).toStrictEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it.each([0, 11])('refuses a call of %i entries as a whole', async (count) => {
    const { put, taken } = await startBus();

    await expect(put(...numberedEntries(count))).rejects.toMatchObject({
      name: 'ValidationException',
      $metadata: { httpStatusCode: 400 },
    });

    expect(taken).toStrictEqual([]);
  });

  it('accepts entries of one byte below the limit together', async () => {
    const { put, taken } = await startBus();
    const half = limitBytes / 2;

    await put(entry({ Detail: detailOf(half - headBytes) }), entry({ Detail: detailOf(half - headBytes - 1) }));

    expect(taken).toHaveLength(2);
  });

  it.each([
    ['the detail', entry({ Detail: detailOf(limitBytes - headBytes) })],
    ['a time, of 14 bytes', entry({ Detail: detailOf(limitBytes - headBytes - 14), Time: new Date(0) })],
    ['resources', entry({ Detail: detailOf(limitBytes - headBytes - 5), Resources: ['abc', 'de'] })],
    ['UTF-8 bytes of a source', entry({ Detail: detailOf(limitBytes - 12 - 3), Source: '€' })],
    ['a detail type', entry({ Detail: detailOf(limitBytes - 16 - 2), DetailType: 'ab' })],
  ])('refuses a call that reaches the limit by %s', async (_part, large) => {
    const { put, taken } = await startBus();

    await expect(put(large)).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Total size of the entries in the request is over the limit.',
    });

    expect(taken).toStrictEqual([]);
  });

  it.each(['{"n":', '[]', 'null', '1', '"text"'])(
    'fails an entry whose detail is %s, not a JSON object',
    async (text) => {
      const { put, taken } = await startBus();

      const answer = await put(entry({ Detail: text }), entry());

      expect(answer).toStrictEqual({
        FailedEntryCount: 1,
        Entries: [{ ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }, { EventId: 'event-1' }],
      });
      expect(numbersOf(taken)).toStrictEqual([1]);
    },
  );

  it.each(['Source', 'DetailType', 'Detail'] as const)('fails an entry without %s', async (argument) => {
    const { put, taken } = await startBus();
    const { [argument]: _left, ...rest } = entry();

    const answer = await put(rest, entry({ [argument]: '' }));

    const failure = {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${argument} is not valid. Reason: ${argument} is a required argument.`,
    };
    expect(answer).toStrictEqual({ FailedEntryCount: 2, Entries: [failure, failure] });
    expect(taken).toStrictEqual([]);
  });

  it("fails an entry that claims to be one of AWS's own", async () => {
    const { put, taken } = await startBus();

    const answer = await put(entry({ Source: 'aws.ec2' }), entry({ Source: 'awsome' }));

    expect(answer).toStrictEqual({
      FailedEntryCount: 1,
      Entries: [
        { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
        { EventId: 'event-1' },
      ],
    });
    expect(taken).toMatchObject([{ source: 'awsome' }]);
  });

  it.each(['fed', undefined])(
    'drops an entry for the bus %s, which does not exist, without counting it',
    async (name) => {
      const { put, taken } = await startBus();
      const { EventBusName: _feed, ...rest } = entry();

      const answer = await put({ ...rest, ...(name === undefined ? {} : { EventBusName: name }) });

      expect(answer).toStrictEqual({ FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] });
      expect(taken).toStrictEqual([]);
    },
  );

  it('knows a bus by its name, by its ARN and as the default', async () => {
    const onEvent = vi.fn();
    const { put } = await startBus({ busNames: ['feed', 'default'], onEvent });
    const { EventBusName: _feed, ...toDefault } = entry();

    await put(entry(), entry({ EventBusName: 'arn:aws:events:eu-west-1:123456789012:event-bus/feed' }), toDefault);

    expect(onEvent.mock.calls.map(([, busName]) => busName)).toStrictEqual(['feed', 'feed', 'default']);
  });
});
