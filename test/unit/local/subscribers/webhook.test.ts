import { describe, expect, it } from 'vitest';
import type { BusEvent } from '../../../../local/event-bus/bus-event.ts';
import type { Mail, Mailbox } from '../../../../local/subscribers/mailboxes.ts';
import { createWebhook, maxTries } from '../../../../local/subscribers/webhook.ts';

const mail = (key: string, connection = 'acme') =>
  ({ key, event: { id: key, resources: [connection] } as unknown as BusEvent }) satisfies Mail;

/** A webhook whose receiver takes what `takes` says. */
function aWebhook(takes: (id: string, tries: number) => boolean | Promise<boolean>, waiting: readonly Mail[] = []) {
  const posted: string[] = [];
  const removed: string[] = [];
  const troubles: string[] = [];
  const pauses: number[] = [];
  const mailbox: Mailbox = {
    waiting,
    add: async (event) => ({ key: event.id, event }),
    remove: async (key) => void removed.push(key),
  };
  const webhook = createWebhook({
    name: 'hook',
    mailbox,
    async post({ id }) {
      posted.push(id);
      return takes(id, posted.filter((one) => one === id).length);
    },
    sleep: async (ms) => void pauses.push(ms),
    onTrouble: (message) => troubles.push(message),
  });
  return { webhook, posted, removed, troubles, pauses };
}

describe('createWebhook', () => {
  it('delivers what an earlier run left before anything new, in order', async () => {
    const { webhook, posted, removed } = aWebhook(() => true, [mail('1'), mail('2')]);
    webhook.add(mail('3'));
    await webhook.settled();

    expect(posted).toStrictEqual(['1', '2', '3']);
    expect(removed).toStrictEqual(['1', '2', '3']);
    expect(webhook.count()).toBe(0);
  });

  it('tries again with growing pauses, and lets nothing of the same connection pass', async () => {
    const { webhook, posted, pauses, troubles } = aWebhook((id, tries) => id !== '1' || tries === 4);
    webhook.add(mail('1'));
    webhook.add(mail('2'));
    await webhook.settled();

    expect(posted).toStrictEqual(['1', '1', '1', '1', '2']);
    expect(pauses).toStrictEqual([500, 1_000, 2_000]);
    expect(troubles).toStrictEqual(['hook did not take event 1; it is tried again']);
  });

  it('lets other connections pass', async () => {
    let takeFirst: (taken: boolean) => void = () => undefined;
    const stuck = new Promise<boolean>((resolve) => {
      takeFirst = resolve;
    });
    const { webhook, removed } = aWebhook((id) => (id === '1' ? stuck : true));
    webhook.add(mail('1', 'slow'));
    webhook.add(mail('2', 'other'));
    while (removed.length === 0) await Promise.resolve();
    takeFirst(true);
    await webhook.settled();

    expect(removed).toStrictEqual(['2', '1']);
  });

  it('sets aside what is never taken, keeps it, and goes on', async () => {
    const { webhook, posted, removed, troubles } = aWebhook((id) => id !== '1');
    webhook.add(mail('1'));
    webhook.add(mail('2'));
    await webhook.settled();

    expect(posted.filter((id) => id === '1')).toHaveLength(maxTries);
    expect(removed).toStrictEqual(['2']);
    expect(webhook.count()).toBe(1);
    expect(troubles.at(-1)).toMatch(/kept for the next run/);
  });

  it('takes a receiver that throws for one that did not take it', async () => {
    const { webhook, removed } = aWebhook((_, tries) => (tries === 1 ? Promise.reject(new Error('reset')) : true));
    webhook.add(mail('1'));
    await webhook.settled();

    expect(removed).toStrictEqual(['1']);
  });
});
