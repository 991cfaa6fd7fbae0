/** Everything that a vendor ever showed of its users. */
export type ShownUsers = {
  /** The list as it is from now on: what counts of each user, by id. */
  note(present: ReadonlyMap<string, string>): void;
  present(): ReadonlyMap<string, string>;
  /** Whether the user was ever shown like this. */
  wasShown(userId: string, text: string): boolean;
  /** Whether the list was ever without somebody who had been in it. */
  wasMissing(userId: string): boolean;
};

export function createShownUsers(): ShownUsers {
  let now: ReadonlyMap<string, string> = new Map();
  const texts = new Map<string, Set<string>>();
  const missing = new Set<string>();
  return {
    note(present) {
      for (const userId of now.keys()) if (!present.has(userId)) missing.add(userId);
      for (const [userId, text] of present) texts.set(userId, (texts.get(userId) ?? new Set()).add(text));
      now = present;
    },
    present: () => now,
    wasShown: (userId, text) => texts.get(userId)?.has(text) === true,
    wasMissing: (userId) => missing.has(userId),
  };
}
