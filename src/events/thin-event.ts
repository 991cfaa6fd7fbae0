import type { UserEvent } from './feed-event.ts';

/** The event without values: who, which fields and what became of his status; consumers ask elsewhere for the rest. */
export function thinEvent({ type, metadata, data }: UserEvent): UserEvent {
  const { user, changedFields, changes, status, restored } = data;
  return {
    type,
    metadata,
    data: {
      user: { id: user.id, status: user.status },
      changedFields,
      changes: changes.map(({ field, op }) => ({ field, op })),
      ...(status && { status: { ...(status.from !== undefined && { from: status.from }), to: status.to } }),
      ...(restored && { restored }),
      thin: true,
    },
  };
}
