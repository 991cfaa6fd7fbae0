import type { Context, DynamoDBRecord } from 'aws-lambda';
import type { QueuedBody } from './aws/memory-queue.ts';
import { createWorker, currentWorker, type Worker } from './worker.ts';
import type { World } from './world.ts';

export type ContainerKind = 'dispatch' | 'sweep' | 'publish';

/** A function's process: cold at first, then used again until it dies. */
export type Container = {
  readonly kind: ContainerKind;
  readonly worker: Worker;
  isBusy: boolean;
};

/** The functions, and who runs them. */
export type Containers = {
  /** One that is free, of as many as there may be. */
  free(kind: ContainerKind): Container | undefined;
  readonly all: readonly Container[];
  dispatch(container: Container): void;
  sweep(container: Container, message: QueuedBody, remainingMs: number): void;
  publish(
    container: Container,
    records: readonly DynamoDBRecord[],
    onDone: (failed: ReadonlySet<string>) => void,
  ): void;
};

const atMost: { readonly [Kind in ContainerKind]: number } = { dispatch: 1, sweep: 3, publish: 2 };
/** A message that was received so often is a dead letter. */
const maxReceives = 3;

type Handlers = {
  readonly dispatch: () => Promise<void>;
  readonly sweep: ReturnType<World['functions']['openSweep']>;
  readonly publish: ReturnType<World['functions']['openPublish']>;
};

export function createContainers(world: World): Containers {
  const { functions, scheduler, queue, trace } = world;
  const handlers = new Map<Container, Partial<Handlers>>();
  let all: readonly Container[] = [];
  let opened = 0;
  let invocations = 0;
  const open = (kind: ContainerKind): Container => {
    opened += 1;
    const container: Container = { kind, worker: createWorker(`${kind}-${opened}`), isBusy: false };
    currentWorker.run(container.worker, () => {
      if (kind === 'dispatch') handlers.set(container, { dispatch: functions.openDispatch() });
      else if (kind === 'sweep') handlers.set(container, { sweep: functions.openSweep() });
      else handlers.set(container, { publish: functions.openPublish() });
    });
    all = [...all.filter(({ worker }) => !worker.isDead), container];
    return container;
  };
  const run = <Answer>(container: Container, job: () => Promise<Answer>, onEnd: (answer?: Answer) => void) => {
    container.isBusy = true;
    trace.note(() => `${container.worker.name} begins`);
    currentWorker.run(container.worker, job).then(
      (answer) => {
        container.isBusy = false;
        onEnd(answer);
      },
      (error: unknown) => {
        container.isBusy = false;
        trace.note(() => `${container.worker.name} throws ${String(error)}`);
        onEnd();
      },
    );
  };
  return {
    get all() {
      return all;
    },
    free(kind) {
      const alive = all.filter((one) => one.kind === kind && !one.worker.isDead);
      return alive.find(({ isBusy }) => !isBusy) ?? (alive.length < atMost[kind] ? open(kind) : undefined);
    },
    dispatch(container) {
      run(
        container,
        async () => handlers.get(container)?.dispatch?.(),
        () => undefined,
      );
    },
    sweep(container, message, remainingMs) {
      message.receives += 1;
      message.visibleAtMs = scheduler.nowMs() + 16 * 60_000;
      invocations += 1;
      const endsAtMs = scheduler.nowMs() + remainingMs;
      const context = {
        awsRequestId: `request-${invocations}`,
        getRemainingTimeInMillis: () => endsAtMs - scheduler.nowMs(),
      } as unknown as Context;
      world.watch.forget(container.worker);
      const record = {
        messageId: message.messageId,
        body: message.body,
        attributes: { ApproximateReceiveCount: String(message.receives) },
      };
      const remove = () => {
        queue.messages = queue.messages.filter((other) => other !== message);
      };
      run(
        container,
        async () => handlers.get(container)?.sweep?.({ Records: [record as never] }, context),
        (answer) => {
          if (answer?.batchItemFailures.length === 0 || message.receives >= maxReceives) remove();
        },
      );
    },
    publish(container, records, onDone) {
      run(
        container,
        async () => handlers.get(container)?.publish?.(JSON.parse(JSON.stringify({ Records: records }))),
        (answer) => {
          const numbers = records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
          const failed = answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier ?? '') ?? numbers;
          onDone(new Set(failed));
        },
      );
    },
  };
}
