import { randomUUID } from 'node:crypto';
import type { Mail, Mailbox } from './mailboxes.ts';

/** A message as it was received: hidden from others until its time, and known by a handle of its own. */
export type ReceivedMessage = {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly sentAtMs: number;
  readonly firstReceivedAtMs: number;
  readonly receiveCount: number;
};

/** A queue as SQS has them: at least once, in no certain order, hidden for a while after each receipt. */
export type LocalQueue = {
  readonly name: string;
  /** Called when something may be received that was not there before. */
  onMessage: () => void;
  add(mail: Mail): void;
  receive(count: number, visibilityMs: number): readonly ReceivedMessage[];
  /** False for a handle that this queue has not given. */
  remove(receiptHandle: string): Promise<boolean>;
  /** Hides it for so long from now on. False where it is not hidden. */
  hide(receiptHandle: string, visibilityMs: number): boolean;
  purge(): Promise<void>;
  /** Messages that can be received, and those that are hidden. */
  count(): { readonly visible: number; readonly hidden: number };
};

type Message = {
  readonly key: string;
  readonly messageId: string;
  readonly body: string;
  readonly sentAtMs: number;
  visibleAtMs: number;
  receiveCount: number;
  firstReceivedAtMs: number | undefined;
};

export function createLocalQueue(name: string, mailbox: Mailbox, nowMs: () => number): LocalQueue {
  const messages = new Map<string, Message>();
  const add = ({ key, event }: Mail) => {
    const body = JSON.stringify(event);
    const sentAtMs = nowMs();
    messages.set(key, {
      key,
      messageId: randomUUID(),
      body,
      sentAtMs,
      visibleAtMs: 0,
      receiveCount: 0,
      firstReceivedAtMs: undefined,
    });
    queue.onMessage();
  };
  const receiveOne = (message: Message, visibilityMs: number): ReceivedMessage => {
    message.receiveCount += 1;
    message.visibleAtMs = nowMs() + visibilityMs;
    message.firstReceivedAtMs ??= nowMs();
    const { messageId, body, sentAtMs, receiveCount, firstReceivedAtMs } = message;
    const receiptHandle = `${message.key}.${messageId}.${receiveCount}`;
    return { messageId, receiptHandle, body, sentAtMs, firstReceivedAtMs, receiveCount };
  };
  const isVisible = ({ visibleAtMs }: Message) => visibleAtMs <= nowMs();
  const keyOf = (receiptHandle: string) => receiptHandle.split('.', 1)[0] ?? '';
  const queue: LocalQueue = {
    name,
    onMessage: () => undefined,
    add,
    receive(count, visibilityMs) {
      const chosen = [...messages.values()].filter(isVisible).slice(0, count);
      return chosen.map((message) => receiveOne(message, visibilityMs));
    },
    async remove(receiptHandle) {
      const [key = '', messageId] = receiptHandle.split('.');
      if (!/^\d+$/.test(key)) return false;
      // As in the service, an older handle of a message deletes it too, and so does the same handle twice. A handle of an earlier
      // process names nobody's message: what it gave out waits again under another id, and its key may be another's by now.
      const message = messages.get(key);
      if (message !== undefined && message.messageId !== messageId) return true;
      messages.delete(key);
      await mailbox.remove(key);
      return true;
    },
    hide(receiptHandle, visibilityMs) {
      const message = messages.get(keyOf(receiptHandle));
      if (message === undefined || isVisible(message)) return false;
      message.visibleAtMs = nowMs() + visibilityMs;
      if (visibilityMs === 0) queue.onMessage();
      return true;
    },
    async purge() {
      for (const key of [...messages.keys()]) {
        messages.delete(key);
        await mailbox.remove(key);
      }
    },
    count() {
      const visible = [...messages.values()].filter(isVisible).length;
      return { visible, hidden: messages.size - visible };
    },
  };
  for (const mail of mailbox.waiting) add(mail);
  return queue;
}
