import type { AwsService } from './aws-handler.ts';

export type QueuedBody = { readonly messageId: string; readonly body: string; receives: number; visibleAtMs: number };

/** A standard queue: no order, and everything at least once. */
export type MemoryQueue = { readonly service: AwsService; messages: QueuedBody[] };

type SentEntry = { readonly Id: string; readonly MessageBody: string; readonly DelaySeconds?: number };

export function createMemoryQueue(nowMs: () => number): MemoryQueue {
  let sent = 0;
  const queue: MemoryQueue = {
    messages: [],
    service: (_, { Entries }: { readonly Entries: readonly SentEntry[] }) => {
      for (const { MessageBody: body, DelaySeconds = 0 } of Entries) {
        sent += 1;
        queue.messages.push({
          messageId: `message-${sent}`,
          body,
          receives: 0,
          visibleAtMs: nowMs() + DelaySeconds * 1000,
        });
      }
      return { Successful: Entries.map(({ Id }) => ({ Id, MessageId: Id, MD5OfMessageBody: '' })), Failed: [] };
    },
  };
  return queue;
}
