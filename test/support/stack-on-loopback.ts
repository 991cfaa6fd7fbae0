import { createHash } from 'node:crypto';
import { type AwsAnswer, type AwsCall, startAwsServer } from './aws-server.ts';
import { epochParameter, startDeployedFeed } from './deployed-feed.ts';
import { startCloudFormation } from './described-stack.ts';
import type { UcfRun } from './run-ucf.ts';
import { operatorEnvironment, runUcfHere } from './run-ucf-here.ts';

export type StackOptions = {
  /** SSM parameters by name. */
  readonly parameters: { readonly [name: string]: string };
  /** Whether the operator may read secrets; the stack may. */
  readonly operatorReads?: () => boolean;
  /** Where calls for the bus go; to a bus that is always there where it is left out. */
  readonly busAddress?: string;
};

export type LoopbackStack = Awaited<ReturnType<typeof startStackOnLoopback>>;

const name = 'feed-on-loopback';

/**
 * A deployed stack on loopback: its outputs are described, its table and queue answer, a message that is sent is swept by
 * the sweep function, and what that commits is published by the publish function. `ucf` finds it with `--stack`.
 */
export async function startStackOnLoopback({ parameters, operatorReads = () => true, busAddress }: StackOptions) {
  const readParameter = ({ operation, input }: AwsCall): AwsAnswer => {
    if (operation === 'PutParameter' && input.Name === epochParameter) {
      feed.mark.value = String(input.Value);
      return { body: { Version: 2 } };
    }
    const Value = input.Name === epochParameter ? feed.mark.value : parameters[String(input.Name)];
    return operation === 'GetParameter' && Value !== undefined
      ? { body: { Parameter: { Value } } }
      : { error: 'ParameterNotFound' };
  };
  const feed = await startDeployedFeed({
    answerVendor: (response) => response.writeHead(404).end(),
    answerAws: readParameter,
    ...(busAddress !== undefined && { busAddress: () => busAddress }),
  });
  /** Swept one after the other, as one shard of a stream would be published. */
  let work: Promise<unknown> = Promise.resolve();
  const deliver = async (body: string): Promise<void> => {
    // Sweeps of one millisecond would have names that sort by chance.
    feed.clock.nowMs = Math.max(Date.now(), feed.clock.nowMs + 1);
    const { connectionId } = JSON.parse(body);
    await feed.sweep(body);
    for (const next of feed.messages.splice(0)) await deliver(next);
    await feed.stream.deliver(connectionId);
  };
  const asked: unknown[] = [];
  const services = await startAwsServer((call) => {
    if (call.operation !== 'SendMessageBatch') {
      const isSecret = call.input.Name !== epochParameter;
      return isSecret && !operatorReads() ? { error: 'AccessDeniedException' } : readParameter(call);
    }
    const entries = call.input.Entries as readonly { readonly Id: string; readonly MessageBody: string }[];
    for (const { MessageBody } of entries) {
      asked.push(JSON.parse(MessageBody));
      work = work.then(() => deliver(MessageBody));
    }
    return { body: { Successful: entries.map(toTaken) } };
  });
  const cloudFormation = await startCloudFormation((stack) =>
    stack === name ? { outputs } : { error: 'ValidationError', message: `Stack with id ${stack} does not exist` },
  );
  const outputs: Record<string, string> = {
    TableName: feed.tableName,
    BusName: 'users',
    SweepQueueUrl: `${services.endpoint}/000000000000/sweeps`,
    DeadLetterQueueUrl: `${services.endpoint}/000000000000/dead`,
    SecretsPrefix: 'ucf',
    EpochParameter: epochParameter,
    LoopbackVendors: 'true',
  };
  const { hostname, port } = await (feed.clients.table.config.endpoint?.() ?? Promise.reject(new Error('no table')));
  const env = {
    ...operatorEnvironment,
    AWS_ENDPOINT_URL: services.endpoint,
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: `http://${hostname}:${port}`,
  };
  return {
    name,
    feed,
    outputs,
    env,
    /** What the queue was sent by operators. */
    asked,
    /** Runs a command with `--stack`. */
    run: (...words: readonly string[]): Promise<UcfRun> => runUcfHere([...words, '--stack', name], env),
    async close() {
      await work;
      await Promise.all([feed.close(), services.close(), cloudFormation.close()]);
    },
  };
}

function toTaken({ Id, MessageBody }: { readonly Id: string; readonly MessageBody: string }) {
  return { Id, MessageId: Id, MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
}
