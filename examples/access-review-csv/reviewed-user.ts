import type { OwnAttributes } from '../../src/consumer/public.ts';
import type { UserEvent } from '../../src/events/public.ts';

/** What a reviewer gets to see of a user. */
export type ReviewedUser = {
  readonly connection: string;
  readonly id: string;
  readonly name?: string;
  readonly status: string;
  readonly isPresent: boolean;
  readonly lastChange: string;
  readonly lastChangedAt: string;
};

/** The attribute of the consumer's table that holds it. */
export function reviewedUser({ type, metadata, data }: UserEvent): OwnAttributes & { readonly review: ReviewedUser } {
  const isPresent = type !== 'user.deleted' && data.user.status !== 'deleted';
  const { displayName, userName } = data.user;
  const name = displayName ?? userName;
  return {
    review: {
      connection: metadata.connectionId,
      id: metadata.userId,
      ...(isPresent && name !== undefined && { name }),
      status: data.user.status,
      isPresent,
      lastChange: type,
      lastChangedAt: metadata.occurredAt ?? metadata.observedAt,
    },
  };
}
