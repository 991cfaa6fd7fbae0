/** A message of a queue, as far as it says anything about the event. */
export type SqsMessage = { readonly messageId: string; readonly body: string };

/** Messages as Lambda delivers them; its own `SQSEvent` fits. */
export type SqsBatch = { readonly Records: readonly SqsMessage[] };

/** Messages to be delivered again, as Lambda is told of them. */
export type SqsBatchAnswer = { readonly batchItemFailures: { itemIdentifier: string }[] };
