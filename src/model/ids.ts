declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The name an operator gave a connection; unique in one deployment. */
export type ConnectionId = Branded<'ConnectionId'>;
/** The vendor's immutable id of a user, always a string; unique within one directory only. */
export type UserId = Branded<'UserId'>;
/** One complete attempt to list every user of a connection. Sorts by start time. */
export type SweepId = Branded<'SweepId'>;
/** Changes kept back for a decision. Sorts by start time of the sweep that held them. */
export type HoldId = Branded<'HoldId'>;
/** The opaque, self-contained continuation of a list. Survives a JSON round trip into another process. */
export type Cursor = Branded<'Cursor'>;

export const connectionId = (text: string): ConnectionId => text as ConnectionId;
export const userId = (text: string): UserId => text as UserId;
export const sweepId = (text: string): SweepId => text as SweepId;
export const holdId = (text: string): HoldId => text as HoldId;
export const cursor = (text: string): Cursor => text as Cursor;
