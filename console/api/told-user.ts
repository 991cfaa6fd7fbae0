import type { ToldFact } from './told-fact.ts';

/** A user as the feed knows him. */
export type ToldUser = {
  readonly userId: string;
  readonly name: string;
  readonly status: string;
  readonly revision: number;
  readonly presence: string;
  readonly observedAt: string;
};

/** Users that fit a search. `isPartial`: not everybody was looked at, or not everybody who fits is listed. */
export type ToldUsers = { readonly users: readonly ToldUser[]; readonly isPartial: boolean };

export type ToldUserDetail = { readonly user: ToldUser; readonly fields: readonly ToldFact[] };
