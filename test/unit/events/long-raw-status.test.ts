import { describe, expect, it } from 'vitest';
import { truncateEvent } from '../../../src/events/truncate-event.ts';
import { aUserEvent } from '../../support/builders.ts';

const long = (letter: string) => letter.repeat(200_000);
const user = { id: '42', status: 'suspended' } as const;

describe('a raw status that is too long for an event', () => {
  it('is cut where the change of the status shows it', () => {
    const status = { from: 'active', to: 'suspended', rawFrom: long('a'), rawTo: long('b') } as const;

    const { data } = truncateEvent(aUserEvent({ user: { ...user, rawStatus: long('b') }, status }));

    expect(data.truncated).toStrictEqual(['rawStatus']);
    expect(data.user).toStrictEqual(user);
    expect(data.status).toStrictEqual({
      from: 'active',
      to: 'suspended',
      rawFrom: 'a'.repeat(100),
      rawTo: 'b'.repeat(100),
    });
  });

  it.each([
    [
      { to: 'suspended', rawTo: long('b') },
      { to: 'suspended', rawTo: 'b'.repeat(100) },
    ],
    [
      { to: 'suspended', rawFrom: long('a') },
      { to: 'suspended', rawFrom: 'a'.repeat(100) },
    ],
  ] as const)('leaves absent what was not there: case %#', (status, expected) => {
    const { data } = truncateEvent(aUserEvent({ user: { ...user, rawStatus: long('b') }, status }));

    expect(data.status).toStrictEqual(expected);
  });

  it('leaves the words of the status alone where another field is the long one', () => {
    const status = { from: 'active', to: 'suspended', rawTo: 'w'.repeat(150) } as const;

    const { data } = truncateEvent(aUserEvent({ user: { ...user, bio: long('x') + long('y') }, status }));

    expect(data.truncated).toStrictEqual(['bio']);
    expect(data.status).toStrictEqual(status);
  });

  it('stays away where the event has no change of the status', () => {
    const { data } = truncateEvent(aUserEvent({ user: { ...user, rawStatus: long('b') + long('c') } }));

    expect(data.truncated).toStrictEqual(['rawStatus']);
    expect(data).not.toHaveProperty('status');
  });
});
