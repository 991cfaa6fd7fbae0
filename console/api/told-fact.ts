/** A named value, ready to be shown. */
export type ToldFact = { readonly name: string; readonly value: string };
