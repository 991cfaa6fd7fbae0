/**
 * A schema's type without the fields that are passed on unknown, and deeply read-only: so that a misspelt field is a
 * fault, though schemas let unknown fields pass. Objects with names of their own (`vendorAttributes`) keep them.
 */
export type KnownFields<T> = T extends readonly (infer Member)[]
  ? readonly KnownFields<Member>[]
  : T extends object
    ? IsOpen<T> extends true
      ? { readonly [Name in keyof T as IsNamed<Name> extends true ? Name : never]: KnownFields<T[Name]> }
      : { readonly [Name in keyof T]: KnownFields<T[Name]> }
    : T;

type IsOpen<T> = string extends keyof T ? (unknown extends T[keyof T] ? true : false) : false;
type IsNamed<Name> = string extends Name ? false : number extends Name ? false : symbol extends Name ? false : true;
