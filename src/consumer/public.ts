// The package's entry `user-change-feed/consumer`: what applies events safely. It needs the AWS SDK for DynamoDB and SQS, and Powertools.
export type { ApplyElsewhere, ApplyGuarded, ApplyInTable, UserEventOutcome } from './apply-user-event.ts';
export type { ConsumerTable, OwnAttributes } from './consumer-table.ts';
export { createConsumerTable } from './create-consumer-table.ts';
export {
  createUserEventHandler,
  type UserEventHandler,
  type UserEventHandlerOptions,
} from './create-user-event-handler.ts';
export type { FailedRecord } from './describe-failure.ts';
export { createMemoryConsumerTable } from './memory-consumer-table.ts';
export { pollQueue } from './poll-queue.ts';
export { readEventLines } from './read-event-lines.ts';
export type { SqsBatch, SqsBatchAnswer, SqsMessage } from './sqs-batch.ts';
export type { ConnectionGap } from './watch-sequences.ts';
