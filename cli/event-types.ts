import type { connectionEventTypes, userEventTypes } from '../src/events/feed-event.ts';

/**
 * The types of events that a log holds. They are spelled out: the schemas that know them, too, would cost every start of
 * the program a tenth of a second.
 */
export const loggedEventTypes = [
  'user.created',
  'user.updated',
  'user.status_changed',
  'user.deleted',
  'connection.baseline_completed',
  'connection.sweep_completed',
  'connection.changes_held',
  'connection.changes_released',
  'connection.changes_rejected',
  'connection.changes_dissolved',
  'connection.removed',
] as const satisfies readonly ((typeof userEventTypes)[number] | (typeof connectionEventTypes)[number])[];
