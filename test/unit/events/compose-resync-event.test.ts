import { describe, expect, it } from 'vitest';
import { composeResyncEvent, type ResyncStamp } from '../../../src/events/compose-resync-event.ts';
import { userEventSchema } from '../../../src/events/feed-event.ts';
import { isNewer } from '../../../src/events/is-newer.ts';
import { anEntry, aStamp, at, aUser } from '../../support/builders.ts';

const stamp: ResyncStamp = {
  connectionId: 'acme',
  tenantId: 'acme',
  vendor: 'openproject',
  mappingVersion: 1,
  epoch: 2,
  sequence: 4711,
  sweep: aStamp(),
  runId: 'run-1',
};
const compose = (entry = anEntry(), given: Partial<ResyncStamp> = {}) =>
  composeResyncEvent({ ...stamp, ...given }, entry);

describe('composeResyncEvent', () => {
  it('tells of whoever is there as user.created, under his revision and the last sequence', () => {
    const event = compose(anEntry({ revision: 7, user: aUser({ title: 'Countess' }) }));

    expect(userEventSchema.parse(event)).toStrictEqual(event);
    expect(event).toMatchObject({
      type: 'user.created',
      metadata: { origin: 'resync', epoch: 2, sequence: 4711, revision: 7, userId: '42', reason: { code: 'resync' } },
      data: { user: { title: 'Countess' }, changes: [], changedFields: [], status: { to: 'active', rawTo: 'enabled' } },
    });
    expect(event?.data).not.toHaveProperty('before');
  });

  it('is applied over the same revision, and not over a newer one', () => {
    const event = compose(anEntry({ revision: 7 }));
    if (event === undefined) throw new Error('he is there');

    expect([6, 7, 8].map((revision) => isNewer(event, { epoch: 2, revision }))).toStrictEqual([true, true, false]);
  });

  it('tells of a deletion that was told, and of none that was not', () => {
    const gone = anEntry({ presence: 'gone', deletedAt: at(5), user: aUser({ status: 'suspended' }) });
    const { deletedAt: _, ...silently } = gone;

    expect(compose(gone)).toMatchObject({
      type: 'user.deleted',
      data: { status: { from: 'suspended', to: 'deleted' } },
    });
    expect(compose(silently)).toBeUndefined();
  });

  it('keeps silent about deletions in another directory', () => {
    const gone = anEntry({ presence: 'gone', deletedAt: at(5) });

    expect(compose(gone, { directorySince: at(6) })).toBeUndefined();
    expect(compose(gone, { directorySince: at(5) })?.type).toBe('user.deleted');
  });

  it('tells of whoever the vendor lists as deleted as deleted', () => {
    const listed = anEntry({ user: aUser({ status: 'deleted' }), deletedAt: at(5) });

    expect(compose(listed)).toMatchObject({ type: 'user.deleted', data: { status: { to: 'deleted' } } });
  });

  it('has no status of whom the vendor shows none', () => {
    const { rawStatus: _, ...user } = aUser();

    expect(compose(anEntry({ user }))?.data.status).toStrictEqual({ to: 'active' });
    expect(
      compose(anEntry({ presence: 'gone', deletedAt: at(5), user: aUser({ status: 'deleted' }) }))?.data.status,
    ).toStrictEqual({
      to: 'deleted',
    });
  });

  it('has the same id in the same run, and another for another user, revision, run or epoch', () => {
    const idOf = (entry = anEntry(), given: Partial<ResyncStamp> = {}) => compose(entry, given)?.metadata.eventId;
    const others = [
      idOf(anEntry({ user: aUser({ id: '43' }) })),
      idOf(anEntry({ revision: 2 })),
      idOf(anEntry(), { runId: 'run-2' }),
      idOf(anEntry(), { epoch: 3 }),
    ];

    expect(idOf()).toBe(idOf());
    expect(new Set([idOf(), ...others]).size).toBe(5);
  });

  it('has no values where events have none', () => {
    expect(compose(anEntry({ user: aUser({ title: 'Countess' }) }), { payload: 'thin' })?.data).toStrictEqual({
      user: { id: '42', status: 'active' },
      changedFields: [],
      changes: [],
      status: { to: 'active' },
      thin: true,
    });
  });
});
