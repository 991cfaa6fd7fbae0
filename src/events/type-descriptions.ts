import type { feedEventTypes } from './feed-event.ts';

/** What each type of event says, in a sentence. */
export const typeDescriptions: { readonly [Type in (typeof feedEventTypes)[number]]: string } = {
  'user.created': 'A user has appeared, or has come back after his deletion (`data.restored`).',
  'user.updated': 'Fields of a user have changed, and his status has not.',
  'user.status_changed':
    'The status of a user has changed, or the word the vendor has for it; other fields may have too.',
  'user.deleted': 'A user is gone: reported by the vendor, or concluded from evidence that the event names.',
  'connection.baseline_completed':
    'The first list of a connection was read completely. Changes are events from here on.',
  'connection.sweep_completed': 'A list was read completely. Published only where the connection asks for it.',
  'connection.changes_held': 'There were too many changes of a kind, so that they wait for a decision.',
  'connection.changes_released': 'An operator approved held changes; they are published with this event.',
  'connection.changes_rejected': 'An operator rejected held changes: they are accepted and never published.',
  'connection.changes_dissolved': 'The vendor does not show held changes any more, or nobody decided in time.',
  'connection.removed': 'The connection is not polled any more. Its users are not deleted by that.',
  'connection.failing': 'Sweeps of a connection fail, and its users may be out of date. Has no sequence.',
  'connection.stale': 'There was no complete sweep for three intervals. Has no sequence.',
  'connection.recovered': 'There was a complete sweep again after a failure. Has no sequence.',
};
