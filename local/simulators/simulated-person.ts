/** One invented person, before a vendor's wire shape is put on. Instants are ISO-8601 UTC. */
export type SimulatedPerson = {
  readonly id: string;
  /** Rises with every person of a directory and is never used again. */
  readonly number: number;
  readonly givenName: string;
  readonly familyName: string;
  readonly userName: string;
  /** Empty where the vendor hides it. */
  readonly email: string;
  readonly title: string;
  readonly language: string;
  readonly admin: boolean;
  /** Indexes of `groupNames`, ascending. */
  readonly groups: readonly number[];
  /** In the vendor's own words. */
  readonly status: string;
  readonly createdAt: string;
  /** When the vendor's row was last written, whatever for. */
  readonly updatedAt: string;
  /** Deletion has been ordered and the account is only locked so far. */
  readonly isLeaving: boolean;
};

export type PersonField = 'givenName' | 'familyName' | 'userName' | 'email' | 'title' | 'language' | 'admin' | 'groups';

/** What the script changes; a given name stays with a person. */
export type ScriptedField = Exclude<PersonField, 'givenName'>;

export type PersonChange = Partial<Pick<SimulatedPerson, PersonField>>;

/** What differs between the vendors before any HTTP is spoken. */
export type Dialect = {
  /** The number of the first person. */
  readonly firstNumber: number;
  idOf(seed: string, number: number): string;
  readonly statuses: {
    readonly active: string;
    /** What an active person becomes when somebody locks or deactivates him. */
    readonly blocked: string;
    /** From which the script may turn a person active. */
    readonly dormant: readonly string[];
    /** Drawn from, with repetitions as weights. */
    readonly ofJoiners: readonly string[];
    readonly atStart: readonly string[];
  };
  /** Fields whose change every client sees in the plain list. */
  readonly visibleFields: readonly ScriptedField[];
  /** Every n-th person has an empty e-mail address; null: nobody. */
  readonly hiddenEmailEvery: number | null;
  readonly hasGroups: boolean;
  /** Whether a deleted account can be seen locked for a while before it is gone. */
  readonly leavesLocked: boolean;
};
