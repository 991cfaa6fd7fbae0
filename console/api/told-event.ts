import type { ToldFact } from './told-fact.ts';

/** A field that an event changed. */
export type ToldChange = { readonly field: string; readonly before?: string; readonly after?: string };

/** An event as a row and, opened, as a story. */
export type ToldEvent = {
  /** `<connection>~<epoch>~<sequence>`: no two events have the same. */
  readonly key: string;
  readonly connectionId: string;
  readonly vendor: string;
  readonly type: string;
  readonly epoch: number;
  readonly sequence: number;
  /** When it was found out. */
  readonly at: string;
  readonly userId?: string;
  /** The user, for people; a connection where it is about none. */
  readonly who: string;
  /** What happened, in a few words. */
  readonly what: string;
  /** The reason in one sentence. */
  readonly why: string;
  readonly changes: readonly ToldChange[];
};

/** Events, the newest first. `next` asks for older ones. */
export type ToldEvents = {
  readonly events: readonly ToldEvent[];
  readonly next?: string;
  /** How many connections were not looked at: choose one to see its events. */
  readonly leftOut: number;
};

/** An event with everything that explains it. */
export type ToldEventDetail = {
  readonly event: ToldEvent;
  /** Why it was concluded, sentence by sentence. */
  readonly reasons: readonly string[];
  /** The whole user before and after; changed fields first. */
  readonly sides: readonly (ToldChange & { readonly isChanged: boolean })[];
  /** What the sweep saw from which it follows; none where its report has expired. */
  readonly evidence: readonly ToldFact[];
  /** As published. */
  readonly published: string;
};
