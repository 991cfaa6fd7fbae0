import type { UserEvent } from '../../src/events/feed-event.ts';
import type { CanonicalUser } from '../../src/model/canonical-user.ts';

type FieldChange = UserEvent['data']['changes'][number];

/** What a consumer who knew the user before would make of the changes of an event. */
export function applyChanges(before: CanonicalUser, changes: readonly FieldChange[]): CanonicalUser {
  const user: Record<string, unknown> = { ...before };
  for (const { field, op, to } of changes) {
    const attribute = field.startsWith('vendorAttributes.') ? field.slice('vendorAttributes.'.length) : undefined;
    if (attribute === undefined) assign(user, field, op, to);
    else {
      const attributes = { ...(user.vendorAttributes as Record<string, unknown> | undefined) };
      assign(attributes, attribute, op, to);
      user.vendorAttributes = attributes;
    }
  }
  return user as CanonicalUser;
}

/** The same changes backwards: what was, made of what is. */
export function undoChanges(after: CanonicalUser, changes: readonly FieldChange[]): CanonicalUser {
  const opposite = { add: 'remove', remove: 'add', replace: 'replace' } as const;
  const reversed = changes.map(({ field, op, from }) => ({ field, op: opposite[op], to: from }));
  return applyChanges(after, reversed as readonly FieldChange[]);
}

function assign(holder: Record<string, unknown>, name: string, op: FieldChange['op'], value: unknown): void {
  if (op === 'remove') delete holder[name];
  else holder[name] = value;
}
