/** `Fields` with every member that may be undefined made optional instead. */
export type Present<Fields> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name];
} & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined>;
};

/** The fields that have a value: absent is absent, not a key that holds `undefined`. */
export function dropAbsent<Fields extends object>(fields: Fields): Present<Fields> {
  const present: Record<string, unknown> = {};
  // Runs twice per user: 4.5 µs for a whole OpenProject user with `Object.entries`, 2.6 µs so.
  for (const name in fields) if (fields[name] !== undefined) present[name] = fields[name];
  return present as Present<Fields>;
}

/** A text that says something: `null` and `""` are the same as absent. */
export function presentText(text: string | null | undefined): string | undefined {
  return text === null || text === '' ? undefined : text;
}

/** A list that says something: an empty one is the same as absent. */
export function presentList<Member>(members: readonly Member[]): readonly Member[] | undefined {
  return members.length === 0 ? undefined : members;
}

/** An object that says something: one without members is the same as absent. */
export function presentObject<Fields extends object>(fields: Fields): Fields | undefined {
  for (const _name in fields) return fields;
  return undefined;
}
