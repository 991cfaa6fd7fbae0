import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import type { BusEvent } from '../event-bus/bus-event.ts';
import { unusableFolder } from '../unusable-folder.ts';

/** An event that waits for a subscriber, under a number that rises with every one. */
export type Mail = { readonly key: string; readonly event: BusEvent };

/** What one subscriber has not taken yet, kept until it has. */
export type Mailbox = {
  /** What an earlier run has left, the oldest first. */
  readonly waiting: readonly Mail[];
  /** On disk when it resolves. */
  add(event: BusEvent): Promise<Mail>;
  remove(key: string): Promise<void>;
};

export type Mailboxes = { open(subscriber: string): Promise<Mailbox>; close(): Promise<void> };

const keyDigits = 12;

/**
 * Mailboxes in a state folder: an event that the bus has accepted reaches its subscribers, also after a kill.
 * @throws local.state_unusable
 */
export async function openMailboxes(folder: string): Promise<Mailboxes> {
  const events = new ClassicLevel<string, BusEvent>(join(folder, 'subscribers'), { valueEncoding: 'json' });
  await events.open().catch((error: unknown) => {
    throw unusableFolder(folder, error);
  });
  return {
    async open(subscriber) {
      const box = events.sublevel<string, BusEvent>(encodeURIComponent(subscriber).replaceAll('%', '_'), {
        valueEncoding: 'json',
      });
      const waiting: Mail[] = [];
      for await (const [key, event] of box.iterator()) waiting.push({ key, event });
      let next = Number(waiting.at(-1)?.key ?? 0) + 1;
      return {
        waiting,
        async add(event) {
          const key = String(next).padStart(keyDigits, '0');
          next += 1;
          await box.put(key, event);
          return { key, event };
        },
        remove: (key) => box.del(key),
      };
    },
    close: () => events.close(),
  };
}
