import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createMemoryConsumerTable, createUserEventHandler } from '../../src/consumer/public.ts';
import { userId } from '../../src/model/ids.ts';
import { canProveAbsence } from '../../src/vendors/probe-absence.ts';
import { vendors } from '../../src/vendors/registry.ts';
import { openVendor } from '../conformance/vendor-under-test.ts';
import { batchOf, bodyOf } from '../support/event-envelope.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';
import { tellStory } from '../support/told-story.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTestTable();
});
afterAll(() => table.close());

/** Ids that mean something to JavaScript, to keys of the table, to addresses, headers, logs or spreadsheets. */
const odd = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__'],
  ...['..', '.', '/', '../../admin', '#', 'a#b', 'entries#7', 'connection#other#log', '%2e%2e', '?x=1', '\u0000'],
  ...['a\r\nx-evil: 1', '{"a":1}', '=1+1', '\u2028', '\u202e', ' ', '0', '-1', 'x'.repeat(512)],
];
const open = { maxCount: 1000, maxPercent: 100 };
const brake = { deleted: open, status_changed: open, updated: open, created: open };
const news = (type: string) => odd.map((id) => `${type} ${id}`).toSorted();

describe('users whose ids are odd', () => {
  it('are created, updated, deleted and created again, each once and none in place of another', async () => {
    const story = await tellStory(table, odd, 7);
    // An empty list would be held back.
    const others = Array.from({ length: 30 }, (_, at) => aUser(`plain-${at}`));
    const list = (users: readonly ReturnType<typeof aUser>[]) => {
      story.vendor.users.clear();
      for (const user of [...others, ...users]) story.vendor.users.set(user.id, user);
    };
    const told = async () => {
      await story.sweep({ baseline: 'emit', brake });
      return story
        .news()
        .filter((line) => !/ plain-\d+$/.test(line) && line.startsWith('user.'))
        .toSorted();
    };

    list(odd.map((id) => aUser(id)));
    expect(await told()).toStrictEqual(news('user.created'));
    list(odd.map((id) => aUser(id, { title: `title of ${id}` })));
    expect(await told()).toStrictEqual(news('user.updated'));
    list([]);
    await told();
    expect(await told()).toStrictEqual(news('user.deleted'));
    list(odd.map((id) => aUser(id)));
    expect(await told()).toStrictEqual(news('user.created'));
  });

  it('have a row each in the table of a consumer', async () => {
    const story = await tellStory('memory', odd, 7);
    await story.sweep({ baseline: 'emit' });
    const consumers = createMemoryConsumerTable();
    const handler = createUserEventHandler({
      table: consumers,
      applyInSameWrite: ({ data }) => ({ name: data.user.displayName }),
    });

    expect(await handler(batchOf(story.received.map(bodyOf)))).toStrictEqual({ batchItemFailures: [] });
    for (const id of odd) expect(consumers.attributesOf(story.id, id), id).toStrictEqual({ name: `User ${id}` });
  });

  it.each(vendors.filter((vendor) => canProveAbsence(vendor)).map((vendor) => [vendor.id, vendor] as const))(
    'lead questions about them to no other address of %s, and put nothing into its headers',
    async (_, vendor) => {
      const opened = await openVendor(vendor, 3);
      onTestFinished(opened.close);
      const asked: string[] = [];
      const list = opened.list({ watch: ({ url }) => void asked.push(url.href) });
      const page = await list.fetchPage({ cursor: undefined, deadlineMs: Number.POSITIVE_INFINITY });
      const controlUserId = userId(String(page.users[0]?.id));
      const users = new URL(String(asked.at(-1))).pathname;

      for (const id of odd) {
        asked.length = 0;
        const about = { userId: userId(id), controlUserId, deadlineMs: Number.POSITIVE_INFINITY };
        expect(await list.probeAbsence?.(about), id).toMatch(/gone|unknown/);
        const paths = asked.map((href) => new URL(href)).filter(({ pathname }) => !pathname.includes('/token'));
        for (const { origin, pathname, search, hash } of paths) {
          expect(origin).toBe(new URL(opened.simulator.url).origin);
          expect(pathname.startsWith(`${users}/`), `${id} asks for ${pathname}`).toBe(true);
          expect([pathname.slice(users.length + 1).includes('/'), search, hash], id).toStrictEqual([false, '', '']);
        }
      }
    },
  );
});
