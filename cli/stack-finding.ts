/** Something that is wrong with a deployed stack, or with the way to it, and what to do about it. */
export type StackFinding = {
  readonly kind:
    | 'missing_permission'
    | 'unanswered'
    | 'dead_letters'
    | 'bus_missing'
    | 'older_version'
    | 'deployment_failed'
    | 'clock_skew';
  readonly message: string;
  readonly remedy: string;
};

/** What an examination of a stack came to. */
export type StackExamination = {
  readonly findings: readonly StackFinding[];
  /** Calls whose permission cannot be tried without doing something, with what needs them. */
  readonly untried: readonly string[];
  /** Whether the table cannot be looked at. */
  readonly isBlind: boolean;
};
