import type { BusEvent } from '../event-bus/bus-event.ts';
import type { Mail, Mailbox } from './mailboxes.ts';

export type WebhookOptions = {
  readonly name: string;
  readonly mailbox: Mailbox;
  /** Sends one event; false where the receiver did not take it, for now. */
  readonly post: (event: BusEvent, signal: AbortSignal) => Promise<boolean>;
  /** Ends early where the signal says so. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Something that people should know. */
  readonly onTrouble: (message: string) => void;
};

/** One receiver of events by HTTP. */
export type Webhook = {
  add(mail: Mail): void;
  /** How many events it has not taken yet. */
  count(): number;
  /** Resolves when everything that could be delivered is, or was set aside. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** Tries of one event, over some two minutes: then it must not keep those behind it any longer. */
export const maxTries = 10;

/**
 * Delivers events to a webhook, one after the other for each connection, again and again with growing pauses. What is not taken in
 * so many tries is set aside for the next run, and the next one goes on.
 */
export function createWebhook({ name, mailbox, post, sleep, onTrouble }: WebhookOptions): Webhook {
  const stopping = new AbortController();
  const lines = new Map<string, Promise<void>>();
  let waiting = 0;
  const { signal } = stopping;
  const isTaken = (event: BusEvent) => post(event, signal).catch(() => false);
  /** Whether it was taken in the end; undefined where whoever stops has broken it off. */
  const tryUntilTaken = async (event: BusEvent): Promise<boolean | undefined> => {
    for (let tries = 1; tries <= maxTries; tries += 1) {
      if (await isTaken(event)) return true;
      if (signal.aborted) return undefined;
      if (tries === 1) onTrouble(`${name} did not take event ${event.id}; it is tried again`);
      await sleep(Math.min(firstPauseMs * 2 ** (tries - 1), longestPauseMs), signal);
    }
    return false;
  };
  const deliver = async ({ key, event }: Mail) => {
    if (signal.aborted) return;
    const taken = await tryUntilTaken(event);
    if (taken === false)
      onTrouble(`${name} did not take event ${event.id} in ${maxTries} tries; it is kept for the next run`);
    if (taken !== true) return;
    waiting -= 1;
    await mailbox.remove(key);
  };
  const add = (mail: Mail) => {
    waiting += 1;
    const line = lineOf(mail.event);
    const before = lines.get(line) ?? Promise.resolve();
    const after = before
      .then(() => deliver(mail))
      .catch((error: unknown) => onTrouble(`${name}: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => {
        if (lines.get(line) === after) lines.delete(line);
      });
    lines.set(line, after);
  };
  for (const mail of mailbox.waiting) add(mail);
  const settled = async () => {
    while (lines.size > 0) await Promise.all(lines.values());
  };
  return {
    add,
    count: () => waiting,
    settled,
    async close() {
      stopping.abort();
      await settled();
    },
  };
}

/** Events of one connection wait for each other; those of different ones do not. */
function lineOf({ resources }: BusEvent): string {
  return resources[0] ?? '';
}
