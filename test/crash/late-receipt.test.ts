import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toBusEvent } from '../../local/event-bus/bus-event.ts';
import { createLocalQueue } from '../../local/subscribers/local-queue.ts';
import { openMailboxes } from '../../local/subscribers/mailboxes.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucf-handle-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** A queue as a process has it, from its start to its end. */
async function withQueue<T>(
  use: (queue: ReturnType<typeof createLocalQueue>, add: (id: string) => Promise<void>) => Promise<T>,
) {
  const mailboxes = await openMailboxes(folder);
  const mailbox = await mailboxes.open('users');
  const queue = createLocalQueue('users', mailbox, () => 0);
  const add = async (id: string) => queue.add(await mailbox.add(toBusEvent({ DetailType: 'user.created' }, {}, id, 0)));
  try {
    return await use(queue, add);
  } finally {
    await mailboxes.close();
  }
}

describe('a message that a consumer received from a process that is no more', () => {
  // The keys of a mailbox that was emptied begin with 1 again in the next process.
  it('takes no other message along when it is deleted late', async () => {
    const handle = await withQueue(async (queue, add) => {
      await add('first');
      const [message] = queue.receive(1, 30_000);
      await queue.remove(message?.receiptHandle ?? '');
      return message?.receiptHandle ?? '';
    });

    const left = await withQueue(async (queue, add) => {
      await add('second');
      await queue.remove(handle);
      return queue.count();
    });

    expect(left).toStrictEqual({ visible: 1, hidden: 0 });
  });
});
