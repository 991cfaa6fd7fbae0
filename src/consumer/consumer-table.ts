import type { EventPlace } from './event-place.ts';
import type { SeenSequences } from './seen-sequences.ts';

/** What a consumer keeps beside the row of a user. `undefined` takes an attribute away; what is not named stays. */
export type OwnAttributes = { readonly [name: string]: unknown };

/**
 * What became of the wish to apply an event. `stale`: as new a one was applied. `superseded`: a newer one was at least
 * begun. `busy`: somebody is at this user, ask again later.
 */
export type Claim = 'claimed' | 'stale' | 'superseded' | 'busy';

/** Who asks, and from when until when he may apply. Times are in milliseconds since 1970. */
export type Lease = { readonly holder: string; readonly nowMs: number; readonly untilMs: number };

/** A record with the number of its writing, which the next one must name. */
export type Versioned<T> = { readonly version: number; readonly value: T };

/** What a consumer knows of users and sequences. One table a consumer: two of them would skip each other's events. */
export type ConsumerTable = {
  /** Writes what the event says, in one conditional write. False where as new an event was written before. */
  write(place: EventPlace, attributes: OwnAttributes): Promise<boolean>;
  /** Takes a user for the time of a lease, to apply an event elsewhere. */
  claim(place: EventPlace, lease: Lease): Promise<Claim>;
  /** Says that the event was applied, and gives the user back. False where somebody else has taken him meanwhile. */
  confirm(place: EventPlace, holder: string): Promise<boolean>;
  readSequences(connectionId: string): Promise<Versioned<SeenSequences> | undefined>;
  /** False where somebody else has written since that version; 0 is that of a record not there yet. */
  writeSequences(connectionId: string, version: number, seen: SeenSequences): Promise<boolean>;
};
