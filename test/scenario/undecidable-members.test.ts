import { describe, expect, it } from 'vitest';
import { userId } from '../../src/model/ids.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { tellStory } from '../support/told-story.ts';

/** Stories about what a sweep concludes: the store is one in memory. */
const table = 'memory';

const ids = ['1', '2', '3', '4', '5', '6'];
const lowBrake = {
  created: { maxCount: 100, maxPercent: 0 },
  updated: { maxCount: 2, maxPercent: 0 },
  status_changed: { maxCount: 2, maxPercent: 0 },
  deleted: { maxCount: 2, maxPercent: 0 },
};

/** Six users, three of whom have got a title that is held. */
async function tellOfHeldTitles() {
  const story = await tellStory(table, ids);
  await story.sweep({ brake: lowBrake });
  for (const id of ['1', '2', '3']) story.vendor.users.set(id, aUser(id, { title: 'Head' }));
  await story.sweep({ brake: lowBrake });
  story.news();
  return story;
}

describe('a held user whose row cannot be read', () => {
  it('stays held, and is no news when it can be read again', async () => {
    const story = await tellOfHeldTitles();
    story.vendor.users.delete('1');
    story.vendor.traps.rejected = [{ id: userId('1'), reason: 'email: expected string' }];
    await story.sweep({ brake: lowBrake });
    const [unread] = (await story.state()).holds;
    story.vendor.users.set('1', aUser('1', { title: 'Head' }));
    story.vendor.traps = {};

    const { outcome, counts } = await story.sweep({ brake: lowBrake });

    expect(unread?.memberCount).toBe(3);
    expect([outcome, counts.held]).toStrictEqual(['held', 3]);
    expect(story.news()).toStrictEqual([]);
  });

  it('is let through once it can be read, where the others were before', async () => {
    const story = await tellOfHeldTitles();
    await story.decide('approved');
    story.vendor.users.delete('1');
    story.vendor.traps.rejected = [{ id: userId('1'), reason: 'email: expected string' }];
    await story.sweep({ brake: lowBrake });
    const released = story.news();
    story.vendor.users.set('1', aUser('1', { title: 'Head' }));
    story.vendor.traps = {};
    await story.sweep({ brake: lowBrake });

    expect(released.toSorted()).toStrictEqual(['connection.changes_released', 'user.updated 2', 'user.updated 3']);
    expect(story.news()).toStrictEqual(['user.updated 1', 'connection.changes_released']);
    expect((await story.state()).holds).toStrictEqual([]);
  });
});

describe('a held user who is missing for once', () => {
  it('stays held, and is no news when he is back', async () => {
    const story = await tellOfHeldTitles();
    story.vendor.users.delete('1');
    await story.sweep({ brake: lowBrake });
    const [missing] = (await story.state()).holds;
    story.vendor.users.set('1', aUser('1', { title: 'Head' }));

    const { outcome, counts } = await story.sweep({ brake: lowBrake });

    expect(missing?.memberCount).toBe(3);
    expect([outcome, counts.held]).toStrictEqual(['held', 3]);
    expect(story.news()).toStrictEqual([]);
  });

  it('leaves the hold with his deletion', async () => {
    const story = await tellOfHeldTitles();
    story.vendor.users.delete('1');
    await story.sweep({ brake: lowBrake });

    await story.sweep({ brake: lowBrake });

    expect(story.news()).toStrictEqual(['user.deleted 1']);
    expect((await story.state()).holds[0]?.memberCount).toBe(2);
  });
});
