import { DescribeEventBusCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { describe, expect, it, vi } from 'vitest';
import { startEventBus } from '../../../../local/event-bus/event-bus.ts';
import { entry, startBus } from './bus-under-test.ts';

/** A request that no SDK would send. */
async function post(endpoint: string, body: string): Promise<unknown> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' };
  const response = await fetch(endpoint, { method: 'POST', headers, body });
  return { status: response.status, body: await response.json() };
}

describe(startEventBus, () => {
  it('describes a bus that exists', async () => {
    const { client } = await startBus();

    const described = await client.send(new DescribeEventBusCommand({ Name: 'feed' }));

    expect(described).toMatchObject({ Name: 'feed', Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/feed' });
  });

  it.each([{ Name: 'fed' }, {}])('says of the bus %o that it does not exist', async (ask) => {
    const { client } = await startBus();

    await expect(client.send(new DescribeEventBusCommand(ask))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('refuses an operation it does not have', async () => {
    const { client } = await startBus();

    await expect(client.send(new ListRulesCommand({}))).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });

  it.each(['{"Entries":', '{}', '[]', '{"Entries":[{"Time":"yesterday"}]}'])('refuses the body %s', async (body) => {
    const { bus, taken } = await startBus();

    const answer = await post(bus.endpoint, body);

    expect(answer).toMatchObject({ status: 400, body: { __type: 'SerializationException' } });
    expect(taken).toStrictEqual([]);
  });

  it('listens on the port it is told', async () => {
    const { bus } = await startBus();
    const { port } = bus;
    await bus.close();

    const again = await startBus({ port });

    expect(again.bus).toMatchObject({ port, endpoint: `http://127.0.0.1:${port}` });
  });

  it('fails to start on a port that is taken', async () => {
    const { bus } = await startBus();

    await expect(startBus({ port: bus.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('closes only when the event in hand has been taken, however often it is asked', async () => {
    const onEvent = vi.fn<() => Promise<void>>();
    const taking = Promise.withResolvers<void>();
    onEvent.mockReturnValueOnce(taking.promise);
    const { bus, put, taken } = await startBus({ onEvent });
    const cut = expect(put(entry())).rejects.toThrow(/socket hang up|ECONNRESET/);
    await vi.waitFor(() => expect(onEvent).toHaveBeenCalledOnce(), 60_000);
    const closed = vi.fn();

    const closing = Promise.all([bus.close(), bus.close()]).then(closed);
    await cut;

    expect(closed).not.toHaveBeenCalled();
    taking.resolve();
    await closing;
    expect(taken).toMatchObject([{ id: 'event-1' }]);
  });
});
