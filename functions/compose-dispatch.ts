import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { SettingsOf } from '../src/config/lambda-settings.ts';
import { publishNotices } from '../src/publish/publish-notices.ts';
import { createSqsSweepQueue } from '../src/queue/sqs-sweep-queue.ts';
import { createStore } from '../src/store/create-store.ts';
import { createDeployedGuard } from './deployed-mark.ts';
import { type DeployedParts, openBuses } from './deployed-parts.ts';
import { createDispatchHandler } from './dispatch.ts';
import { createDispatchObserver } from './observe-dispatch.ts';
import { hashText } from './sweep-names.ts';

export type DispatchParts = DeployedParts & { readonly queue: SQSClient; readonly parameters: SSMClient };

/** The deployed dispatch function. Every bus is asked for each minute: one that is missing drops events without a word. */
export function composeDispatch(settings: SettingsOf<'dispatch'>, parts: DispatchParts): () => Promise<void> {
  const { table, queue, nowMs, sleep } = parts;
  const observer = createDispatchObserver(parts);
  const buses = openBuses(settings, parts);
  const store = createStore(table, settings.TABLE_NAME, sleep, nowMs);
  const guard = createDeployedGuard({
    ...parts,
    parameterName: settings.EPOCH_PARAMETER,
    tableName: settings.TABLE_NAME,
    stackName: settings.POWERTOOLS_SERVICE_NAME,
    store,
  });
  const dispatch = createDispatchHandler({
    ports: {
      store,
      queue: createSqsSweepQueue({ client: queue, queueUrl: settings.SWEEP_QUEUE_URL }),
      publish: (notices) => publishNotices(buses, notices),
      readEpoch: (known) =>
        guard.claim(known).catch((error: unknown) => {
          observer.onFault(undefined, error);
          throw error;
        }),
      nowMs,
      hashText,
      onFault: observer.onFault,
    },
    onDispatched: observer.onDispatched,
  });
  return async () => {
    observer.onBusesChecked(await buses.checkBuses());
    await dispatch();
  };
}
