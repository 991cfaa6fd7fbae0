import type { ApplyElsewhere } from '../../src/consumer/public.ts';
import type { Status, UserEvent } from '../../src/events/public.ts';

/** Who is to lose access. Nothing of the person but the id goes out. */
export type Revocation = {
  readonly connectionId: string;
  readonly userId: string;
  readonly reason: 'deleted' | 'suspended' | 'inactive';
  /** With these the other side can refuse what is older than what it knows. */
  readonly epoch: number;
  readonly revision: number;
  /** The same on every try. */
  readonly idempotencyKey: string;
};

export type RevokeAccess = (revocation: Revocation, signal: AbortSignal) => Promise<void>;

const withoutAccess: Partial<Record<Status, Revocation['reason']>> = {
  deleted: 'deleted',
  suspended: 'suspended',
  inactive: 'inactive',
};

/** Takes access away from everybody who left or is locked. Who comes back gets nothing by himself. */
export function revokeLeavers(revoke: RevokeAccess): ApplyElsewhere['apply'] {
  return async (event, { signal }) => {
    const reason = reasonOf(event);
    if (reason === undefined) return;
    const { connectionId, userId, epoch, revision, eventId } = event.metadata;
    await revoke({ connectionId, userId, reason, epoch, revision, idempotencyKey: eventId }, signal);
  };
}

/** By what the user is, not by what has changed: a resync says it of leavers whose event was missed. */
function reasonOf({ type, data }: UserEvent): Revocation['reason'] | undefined {
  return type === 'user.deleted' ? 'deleted' : withoutAccess[data.user.status];
}
