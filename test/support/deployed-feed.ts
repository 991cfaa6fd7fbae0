import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context, SQSEvent } from 'aws-lambda';
import { Agent } from 'undici';
import { composeDispatch } from '../../functions/compose-dispatch.ts';
import { composePublish } from '../../functions/compose-publish.ts';
import { composeSweep } from '../../functions/compose-sweep.ts';
import { createFeedLog } from '../../functions/feed-log.ts';
import { createFeedMetrics } from '../../functions/feed-metrics.ts';
import { localCredentials, localRegion } from '../../local/embedded-table.ts';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { startEventBus } from '../../local/event-bus/event-bus.ts';
import { createLogStream } from '../../local/log-stream.ts';
import { readLambdaSettings } from '../../src/config/lambda-settings.ts';
import { createStore } from '../../src/store/create-store.ts';
import { vendors } from '../../src/vendors/registry.ts';
import { type AwsAnswer, type AwsCall, startAwsServer } from './aws-server.ts';
import { startTestTable } from './test-table.ts';

export type DeployedOptions = {
  readonly answerVendor: (response: ServerResponse, authorization: string) => void;
  readonly answerAws?: (call: AwsCall) => AwsAnswer;
  readonly environment?: { readonly [name: string]: string };
  readonly busNames?: readonly string[];
  /** Where calls for the buses go: to the buses themselves, unless somebody stands in between. */
  readonly busAddress?: (buses: string) => string;
};

/** The parameter of the epoch: its text, undefined where there is none, and whether it answers. */
export type DeployedMark = { value: string | undefined; isDown: boolean };

export const epochParameter = 'epoch-of-the-feed';

function answerMark(mark: DeployedMark, { operation, input }: AwsCall): AwsAnswer {
  if (mark.isDown) return { error: 'InternalServerError' };
  if (operation === 'PutParameter') {
    mark.value = String(input.Value);
    return { body: { Version: 2 } };
  }
  return mark.value === undefined ? { error: 'ParameterNotFound' } : { body: { Parameter: { Value: mark.value } } };
}

/** The three deployed functions as composed for Lambda, over real protocols on loopback, and whatever they print. */
export async function startDeployedFeed(options: DeployedOptions) {
  const table = await startTestTable();
  const vendor = createServer((request, response) =>
    options.answerVendor(response, request.headers.authorization ?? ''),
  );
  vendor.listen(0, '127.0.0.1');
  await once(vendor, 'listening');
  const taken: BusEvent[] = [];
  const eventBus = await startEventBus({
    busNames: options.busNames ?? ['users'],
    onEvent: (event) => void taken.push(event),
  });
  const messages: string[] = [];
  const mark: DeployedMark = { value: '{"epoch":1}', isDown: false };
  const aws = await startAwsServer((call) => {
    if (call.input.Name === epochParameter) return answerMark(mark, call);
    if (call.operation !== 'SendMessageBatch') return options.answerAws?.(call) ?? { error: 'ParameterNotFound' };
    const entries = call.input.Entries as readonly { readonly Id: string; readonly MessageBody: string }[];
    messages.push(...entries.map(({ MessageBody }) => MessageBody));
    return { body: { Successful: entries.map(({ Id }) => ({ Id, MessageId: Id, MD5OfMessageBody: '' })) } };
  });
  const clock = { nowMs: Date.now() };
  const signed = { region: localRegion, credentials: localCredentials, maxAttempts: 1 };
  const environment = {
    TABLE_NAME: table.tableName,
    BUS_NAME: 'users',
    SWEEP_QUEUE_URL: `${aws.endpoint}/000000000000/sweeps`,
    SECRETS_PREFIX: 'ucf',
    EPOCH_PARAMETER: epochParameter,
    POWERTOOLS_SERVICE_NAME: 'people',
    ALLOW_LOOPBACK_VENDORS: 'true',
    LOG_LEVEL: 'DEBUG',
    ...options.environment,
  };
  const dispatcher = new Agent();
  const clients = {
    table: new DynamoDBClient({ ...signed, endpoint: table.endpoint }),
    bus: new EventBridgeClient({
      ...signed,
      endpoint: async () => toEndpoint(options.busAddress?.(eventBus.endpoint) ?? eventBus.endpoint),
    }),
    queue: new SQSClient({ ...aws.config, md5: false }),
    parameters: new SSMClient(aws.config),
    secrets: new SecretsManagerClient(aws.config),
  };
  const parts = {
    ...clients,
    dispatcher,
    vendors,
    log: createFeedLog('DEBUG'),
    metrics: createFeedMetrics('UserChangeFeed'),
    nowMs: () => clock.nowMs,
    sleep: async () => undefined,
  };
  const store = createStore(clients.table, table.tableName, parts.sleep);
  const sweep = composeSweep(readLambdaSettings(environment, 'sweep'), parts);
  const publish = composePublish(readLambdaSettings(environment, 'publish'), parts);
  return {
    store,
    clock,
    taken,
    messages,
    calls: aws.calls,
    mark,
    clients,
    tableName: table.tableName,
    vendorUrl: `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`,
    dispatch: composeDispatch(readLambdaSettings(environment, 'dispatch'), parts),
    sweep: (body: string) => sweep(toSqsEvent(body), contextOf(900_000)),
    /** As Lambda calls it, with as many records as it likes. */
    invokeSweep: (event: SQSEvent) => sweep(event, contextOf(900_000)),
    busFaults: eventBus.faults,
    publish,
    stream: createLogStream({ store, handler: publish }),
    async close() {
      for (const client of Object.values(clients)) client.destroy();
      await dispatcher.close();
      await Promise.all([table.close(), eventBus.close(), aws.close()]);
      vendor.closeAllConnections();
      await new Promise((resolve) => vendor.close(resolve));
    },
  };
}

function toEndpoint(address: string) {
  const { protocol, hostname, port, pathname } = new URL(address);
  return { protocol, hostname, port: Number(port), path: pathname };
}

function toSqsEvent(body: string): SQSEvent {
  return { Records: [{ messageId: 'm', body, attributes: { ApproximateReceiveCount: '1' } }] } as unknown as SQSEvent;
}

function contextOf(remainingMs: number): Context {
  return { awsRequestId: 'request', getRemainingTimeInMillis: () => remainingMs } as unknown as Context;
}
