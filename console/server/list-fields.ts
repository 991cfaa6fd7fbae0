/** The fields of a user with their values; those that only his vendor has by their paths. */
export function listFields(user: object): readonly (readonly [path: string, value: unknown])[] {
  return Object.entries(user).flatMap(([name, value]) =>
    name === 'vendorAttributes'
      ? Object.entries(value as object).map(([own, known]) => [`${name}.${own}`, known] as const)
      : [[name, value] as const],
  );
}
