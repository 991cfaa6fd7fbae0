import { type Resource, synthesise } from '../infra/synthesised.ts';

/** How the stack has the table's stream delivered to the publish function. */
export type StreamRules = {
  readonly batchSize: number;
  readonly parallelization: number;
  readonly isPartial: boolean;
  readonly bisects: boolean;
  /** -1: without end. */
  readonly maxRetries: number;
  readonly maxAgeSeconds: number;
  /** Patterns of which one has to match, in EventBridge's words; none lets everything through. */
  readonly filters: readonly unknown[];
  /** What a batch that is given up leaves behind: a bucket gets all of it, a queue or a topic only its place in the stream. */
  readonly keeps: 'payload' | 'place' | 'nothing';
};

/** How the stack has the sweep queue delivered to the sweep function. */
export type QueueRules = {
  readonly batchSize: number;
  readonly concurrency: number;
  readonly isPartial: boolean;
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  /** A message that was received so often goes to the dead-letter queue instead of being received once more. */
  readonly maxReceives: number;
};

/** The event source mappings as the template of the stack has them, so that a test and what is deployed cannot differ. */
export function readMappingRules(): { readonly stream: StreamRules; readonly queue: QueueRules } {
  const { ofType } = synthesise();
  const functions = ofType('AWS::Lambda::Function');
  const buckets = ofType('AWS::S3::Bucket');
  const queues = ofType('AWS::SQS::Queue');
  const mappingOf = (name: string) => {
    const mappings = Object.values(ofType('AWS::Lambda::EventSourceMapping'));
    const found = mappings.find(({ Properties: { FunctionName } }) =>
      String(functions[FunctionName.Ref]?.Properties.FunctionName).endsWith(`-${name}`),
    );
    if (found === undefined) throw new Error(`the stack delivers nothing to the function ${name}`);
    return found.Properties;
  };
  const [log, messages] = [mappingOf('publish'), mappingOf('sweep')];
  const queue = queues[messages.EventSourceArn['Fn::GetAtt'][0]]?.Properties;
  const [deadLettersId] = queue.RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'];
  if (queues[deadLettersId] === undefined) throw new Error('the stack has no queue for dead letters');
  return {
    stream: {
      batchSize: log.BatchSize ?? 100,
      parallelization: log.ParallelizationFactor ?? 1,
      isPartial: isPartial(log),
      bisects: log.BisectBatchOnFunctionError ?? false,
      maxRetries: log.MaximumRetryAttempts ?? -1,
      maxAgeSeconds: log.MaximumRecordAgeInSeconds ?? -1,
      filters: (log.FilterCriteria?.Filters ?? []).map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern)),
      keeps: keptBy(log.DestinationConfig?.OnFailure?.Destination, buckets),
    },
    queue: {
      batchSize: messages.BatchSize ?? 10,
      concurrency: messages.ScalingConfig?.MaximumConcurrency ?? 1_000,
      isPartial: isPartial(messages),
      visibilitySeconds: queue.VisibilityTimeout ?? 30,
      retentionSeconds: queue.MessageRetentionPeriod ?? 345_600,
      maxReceives: queue.RedrivePolicy.maxReceiveCount,
    },
  };
}

function isPartial({ FunctionResponseTypes }: Resource['Properties']): boolean {
  return (FunctionResponseTypes ?? []).includes('ReportBatchItemFailures');
}

function keptBy(destination: unknown, buckets: { readonly [id: string]: Resource }): StreamRules['keeps'] {
  if (destination === undefined) return 'nothing';
  const [id = ''] = (destination as { readonly 'Fn::GetAtt': readonly string[] })['Fn::GetAtt'];
  return buckets[id] === undefined ? 'place' : 'payload';
}
