// The package's entry `user-change-feed/infra`: constructs for those who consume the feed. It needs aws-cdk-lib and constructs.
export { UserChangeConsumerTable, type UserChangeConsumerTableProps } from './user-change-consumer-table.ts';
export { UserChangeSubscription, type UserChangeSubscriptionProps } from './user-change-subscription.ts';
