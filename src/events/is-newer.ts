/** What a consumer remembers of a user: the last event it has applied. */
export type KnownRevision = { readonly epoch: number; readonly revision: number };

type Revised = { readonly metadata: KnownRevision & { readonly origin: string } };

/**
 * Whether an event says something newer of its user than what is known of him; of nobody everything is new. Order is
 * by epoch, then by revision. A resync repeats the present under the user's last revision, so that an equal one counts:
 * it heals whoever has missed the event itself.
 */
export function isNewer({ metadata }: Revised, known: KnownRevision | undefined): boolean {
  if (known === undefined) return true;
  if (metadata.epoch !== known.epoch) return metadata.epoch > known.epoch;
  return metadata.origin === 'resync' ? metadata.revision >= known.revision : metadata.revision > known.revision;
}
