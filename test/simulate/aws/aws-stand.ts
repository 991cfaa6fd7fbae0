import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { createAwsHandler } from './aws-handler.ts';

export type AwsHandler = ReturnType<typeof createAwsHandler>;
export type AwsClients = ReturnType<typeof createClients>;

/** Clients for many seeds, one after the other: cold ones would take longer than all the calls of a seed. */
export type AwsStand = {
  readonly clients: AwsClients;
  /** From now on calls go there, and nothing is left of tries before. */
  connect(handler: AwsHandler): Promise<void>;
};

/** What the SDK's clients may spend on tries when they are new. */
const newCapacity = 500;

export function createAwsStand(): AwsStand {
  let current: AwsHandler | undefined;
  const clients = createClients({
    metadata: { handlerProtocol: 'http/1.1' },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    handle(request) {
      if (current === undefined) throw new Error('the stand is connected to nothing');
      return current.handle(request);
    },
  });
  return {
    clients,
    async connect(handler) {
      current = handler;
      for (const { config } of Object.values(clients))
        ((await config.retryStrategy()) as unknown as { capacity: number }).capacity = newCapacity;
    },
  };
}

/** The clients of all functions, tried as often as in `functions/aws-clients.ts`. Nobody looks at signatures, so there are none. */
function createClients(requestHandler: AwsHandler) {
  const shared = {
    region: 'eu-central-1',
    endpoint: 'https://aws.simulated',
    credentials: { accessKeyId: 'simulated', secretAccessKey: 'simulated' },
    signer: { sign: async <Request>(request: Request) => request },
    maxAttempts: 4,
    retryMode: 'standard' as const,
    requestHandler,
    endpointProvider: () => endpoint,
  };
  const clients = {
    table: new DynamoDBClient(shared as never),
    bus: new EventBridgeClient(shared as never),
    queue: new SQSClient({ ...shared, md5: false } as never),
    parameters: new SSMClient(shared as never),
    secrets: new SecretsManagerClient(shared as never),
  };
  // What only adds headers that nobody reads costs a third of a call.
  for (const { middlewareStack } of [clients.table, clients.bus, clients.queue])
    for (const name of unread) (middlewareStack as { remove(name: string): boolean }).remove(name);
  for (const client of Object.values(clients)) thin(client);
  return clients;
}

/** Each call copies the settings some six times; those that were put together bit by bit are slow to copy. */
function thin(client: { readonly config: object }): void {
  Object.assign(client, { config: Object.defineProperties({}, Object.getOwnPropertyDescriptors(client.config)) });
}

const unread = [
  'getUserAgentMiddleware',
  'loggerMiddleware',
  'hostHeaderMiddleware',
  'recursionDetectionMiddleware',
  'contentLengthMiddleware',
  'httpSigningMiddleware',
];
const endpoint = { url: new URL('https://aws.simulated') };
