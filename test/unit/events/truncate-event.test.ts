import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { feedEventSchema, type UserEvent } from '../../../src/events/feed-event.ts';
import { maxEventBytes, truncateEvent } from '../../../src/events/truncate-event.ts';
import { userId } from '../../../src/model/ids.ts';
import { aUserEvent } from '../../support/builders.ts';

const user = { id: '42', status: 'active' } as const;

function bytesOf(event: UserEvent): number {
  return Buffer.byteLength(JSON.stringify(event));
}

function placeholder(value: unknown, count: number) {
  return { count, digest: hash('sha256', JSON.stringify(value)).slice(0, 16) };
}

/** An event of so many bytes, by the length of its user's bio. */
function sized(bytes: number): UserEvent {
  const wide = (bio: string) => aUserEvent({ user: { ...user, bio } });
  return wide('x'.repeat(bytes - bytesOf(wide(''))));
}

describe(truncateEvent, () => {
  it('gives an event that fits to the last byte as it is', () => {
    const event = sized(maxEventBytes);

    expect(bytesOf(event)).toBe(maxEventBytes);
    expect(truncateEvent(event)).toBe(event);
  });

  it('replaces the value of an event that is one byte too long by its length and digest', () => {
    const event = sized(maxEventBytes + 1);

    expect(truncateEvent(event).data).toStrictEqual({
      user,
      changedFields: [],
      changes: [],
      truncated: ['bio'],
      truncatedValues: { bio: placeholder(event.data.user.bio, event.data.user.bio?.length ?? 0) },
    });
  });

  it('counts bytes and not letters', () => {
    const bio = '👩'.repeat(Math.ceil(maxEventBytes / 4));

    expect(truncateEvent(aUserEvent({ user: { ...user, bio } })).data.truncated).toStrictEqual(['bio']);
  });

  it('takes the longest values out first and stops as soon as the rest fits', () => {
    const groups = Array.from({ length: 9_000 }, (_, number) => ({ id: `${number}`, name: 'group' }));
    const event = aUserEvent({
      user: { ...user, title: 'Dr', bio: 'b'.repeat(100_000), avatar: 'a'.repeat(200_000), groups },
    });

    const { data } = truncateEvent(event);

    expect(data.truncated).toStrictEqual(['groups', 'avatar']);
    expect(data.user).toStrictEqual({ ...user, title: 'Dr', bio: 'b'.repeat(100_000) });
    expect(data.truncatedValues).toStrictEqual({
      groups: placeholder(groups, 9_000),
      avatar: placeholder('a'.repeat(200_000), 200_000),
    });
  });

  it('takes values of the same length out by name', () => {
    const long = 'x'.repeat(130_000);

    expect(truncateEvent(aUserEvent({ user: { ...user, bio: long, avatar: long } })).data.truncated).toStrictEqual([
      'avatar',
    ]);
    expect(truncateEvent(aUserEvent({ user: { ...user, avatar: long, bio: long } })).data.truncated).toStrictEqual([
      'avatar',
    ]);
  });

  it('leaves placeholders in before and changes, and other changes as they are', () => {
    const [from, to] = ['f'.repeat(90_000), 't'.repeat(90_000)];
    const event = aUserEvent({
      user: { ...user, title: 'Dr', bio: to },
      before: { title: 'Miss', bio: from },
      changedFields: ['bio', 'title'],
      changes: [
        { field: 'bio', op: 'replace', from, to },
        { field: 'title', op: 'replace', from: 'Miss', to: 'Dr' },
      ],
    });

    expect(truncateEvent(event).data).toStrictEqual({
      user: { ...user, title: 'Dr' },
      before: { title: 'Miss', bio: placeholder(from, 90_000) },
      changedFields: ['bio', 'title'],
      changes: [
        { field: 'bio', op: 'replace', from: placeholder(from, 90_000), to: placeholder(to, 90_000) },
        { field: 'title', op: 'replace', from: 'Miss', to: 'Dr' },
      ],
      truncated: ['bio'],
      truncatedValues: { bio: placeholder(to, 90_000) },
    });
  });

  it('replaces a long value that only the user before had', () => {
    const bio = 'x'.repeat(200_000);
    const event = aUserEvent({
      user: { ...user, title: 'Dr' },
      before: { bio },
      changedFields: ['bio'],
      changes: [{ field: 'bio', op: 'remove', from: bio }],
    });

    expect(truncateEvent(event).data).toStrictEqual({
      user: { ...user, title: 'Dr' },
      before: { bio: placeholder(bio, 200_000) },
      changedFields: ['bio'],
      changes: [{ field: 'bio', op: 'remove', from: placeholder(bio, 200_000) }],
      truncated: ['bio'],
    });
  });

  it('takes all vendor attributes out together, with the change of each', () => {
    const long = 'x'.repeat(200_000);
    const event = aUserEvent({
      user: { ...user, vendorAttributes: { long, short: 2 } },
      before: { vendorAttributes: { short: 1 } },
      changedFields: ['vendorAttributes.long', 'vendorAttributes.short'],
      changes: [
        { field: 'vendorAttributes.long', op: 'add', to: long },
        { field: 'vendorAttributes.short', op: 'replace', from: 1, to: 2 },
      ],
    });

    expect(truncateEvent(event).data).toStrictEqual({
      user,
      before: { vendorAttributes: placeholder({ short: 1 }, 1) },
      changedFields: ['vendorAttributes.long', 'vendorAttributes.short'],
      changes: [
        { field: 'vendorAttributes.long', op: 'add', to: placeholder(long, 200_000) },
        { field: 'vendorAttributes.short', op: 'replace', from: placeholder(1, 0), to: placeholder(2, 0) },
      ],
      truncated: ['vendorAttributes'],
      truncatedValues: { vendorAttributes: placeholder({ long, short: 2 }, 2) },
    });
  });

  it('gives the same for the same event, below the limit and valid', () => {
    const parts = { bio: 'b'.repeat(300_000), avatar: 'a'.repeat(300_000), title: 'ä'.repeat(300_000) };
    const event = aUserEvent({ user: { ...user, ...parts }, before: { bio: 'o'.repeat(300_000) } });

    const truncated = truncateEvent(event);

    expect(bytesOf(truncated)).toBeLessThanOrEqual(maxEventBytes);
    expect(JSON.stringify(truncateEvent(event))).toBe(JSON.stringify(truncated));
    expect(z.parse(feedEventSchema, truncated)).toStrictEqual(truncated);
    expect(truncated.metadata).toStrictEqual(event.metadata);
  });

  it('shortens a user name that is too long on its own', () => {
    const event = aUserEvent({ user: { ...user, userName: 'x'.repeat(maxEventBytes) } });

    expect(bytesOf(truncateEvent(event))).toBeLessThanOrEqual(maxEventBytes);
  });

  it('keeps the id, however long it is', () => {
    const id = userId('i'.repeat(maxEventBytes));
    const event = aUserEvent({ user: { ...user, id, bio: 'b' } });

    expect(truncateEvent(event).data).toMatchObject({ user: { id }, truncated: ['bio'] });
  });
});
