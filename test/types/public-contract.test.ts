import { describe, expectTypeOf, it } from 'vitest';
import type {
  CanonicalUser,
  EventEnvelope,
  FeedEvent,
  parseFeedEvent,
  UserCreated,
  UserDeleted,
  UserEvent,
  UserStatusChanged,
  UserUpdated,
} from '../../src/events/public.ts';
import { userEventPattern } from '../../src/events/public.ts';

// The types are checked by `tsc`: an expectation that is not met is a fault of compilation, and so is a
// `@ts-expect-error` above what compiles.

describe('types of events', () => {
  it('are told apart by their type', () => {
    type Of<Type extends FeedEvent['type']> = Extract<ReturnType<typeof parseFeedEvent>, { readonly type: Type }>;

    expectTypeOf<Of<'user.deleted'>>().toEqualTypeOf<UserDeleted>();
    expectTypeOf<Of<'user.created'>>().toEqualTypeOf<UserCreated>();
    expectTypeOf<UserEvent['type']>().toEqualTypeOf<
      'user.created' | 'user.updated' | 'user.status_changed' | 'user.deleted'
    >();
  });

  it('are told apart by their type where several share a shape', () => {
    const countHeld = (event: FeedEvent) => (event.type === 'connection.changes_held' ? event.data.hold.count : 0);
    const since = (event: FeedEvent) => (event.type === 'connection.failing' ? event.data.reason.code : '');

    expectTypeOf(countHeld).returns.toEqualTypeOf<number>();
    expectTypeOf(since).returns.toEqualTypeOf<string>();
  });

  it('are told apart in the envelope, too', () => {
    const rawStatus = (envelope: EventEnvelope) =>
      envelope['detail-type'] === 'user.status_changed' ? envelope.detail.data.status.rawTo : undefined;

    expectTypeOf(rawStatus).returns.toEqualTypeOf<string | undefined>();
  });

  it('hold what events of the type hold, and nothing under another name', () => {
    expectTypeOf<UserStatusChanged['data']['status']['to']>().toEqualTypeOf<CanonicalUser['status']>();
    expectTypeOf<UserUpdated['data']>().not.toHaveProperty('status');
    expectTypeOf<UserCreated['data']>().not.toHaveProperty('before');
    expectTypeOf<UserCreated['data']['status']>().not.toExtend<{ readonly from: unknown }>();
    expectTypeOf<UserDeleted['data']>().not.toHaveProperty('restored');
    expectTypeOf<UserDeleted['data']['user']>().not.toHaveProperty('usrName');
    expectTypeOf<NonNullable<CanonicalUser['vendorAttributes']>>().toHaveProperty('anything');
  });

  it('cannot be written to', () => {
    const rename = (event: UserCreated) => {
      // @ts-expect-error: events are read-only, down to lists
      event.data.changedFields.push('title');
      // @ts-expect-error: events are read-only
      event.data.user.title = 'Countess';
    };

    expectTypeOf(rename).parameter(0).toEqualTypeOf<UserCreated>();
  });
});

describe(userEventPattern, () => {
  it('takes of each type what its events carry', () => {
    userEventPattern({ types: ['user.status_changed'], statusFrom: ['active'], statusTo: { not: ['unknown'] } });
    userEventPattern({ types: ['user.created', 'user.deleted'], statusTo: ['active'] });
    userEventPattern({
      types: ['user.updated', 'user.status_changed'],
      changedFields: ['emails', 'vendorAttributes.a'],
    });
    userEventPattern({ statusTo: ['suspended'], changedFields: ['status'], vendors: ['leen'] });
    userEventPattern({ types: ['user.created'], restored: true });
  });

  it('refuses what they never carry', () => {
    // @ts-expect-error: an update has no status
    userEventPattern({ types: ['user.updated'], statusTo: ['suspended'] });
    // @ts-expect-error: nor have all of these
    userEventPattern({ types: ['user.deleted', 'user.updated'], statusTo: ['suspended'] });
    // @ts-expect-error: who is created had no status before
    userEventPattern({ types: ['user.created'], statusFrom: ['active'] });
    // @ts-expect-error: a deletion lists no fields
    userEventPattern({ types: ['user.deleted'], changedFields: ['title'] });
    // @ts-expect-error: who is deleted does not come back by it
    userEventPattern({ types: ['user.deleted'], restored: true });
  });

  it('refuses words that nobody knows', () => {
    // @ts-expect-error: no such type
    userEventPattern({ types: ['user.removed'] });
    // @ts-expect-error: no such status
    userEventPattern({ statusTo: ['locked'] });
    // @ts-expect-error: no such field
    userEventPattern({ changedFields: ['e-mail'] });
    // @ts-expect-error: no such vendor
    userEventPattern({ vendors: ['okta'] });
    // @ts-expect-error: no such origin
    userEventPattern({ origins: ['initial'] });
  });
});
