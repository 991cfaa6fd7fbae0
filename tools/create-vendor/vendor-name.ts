/** Words that a folder beside the vendors has, that the language has, or that a vendor's files use themselves. */
const taken = new Set(
  `http vendor vendors registry find options text token model user users page list probe json cursor z
  await break case catch class const continue debugger default delete do else enum export extends false finally for
  function if implements import in instanceof interface let new null package private protected public return static
  super switch this throw true try typeof undefined var void while with yield`.split(/\s+/),
);

/** Names nothing, so that `test/architecture` refuses it. */
const banned = new Set(
  'manager helper helpers util utils common misc data info process do handle provider sync job'.split(' '),
);

/** What is wrong with the name of a vendor to be, and what to write instead; undefined where nothing is. */
export function nameFault(name: string, present: readonly string[]): string | undefined {
  if (!/^[a-z][a-z0-9]{1,30}$/.test(name))
    return `"${name}" is no name for a vendor; write 2 to 31 lower-case letters and digits, a letter first, as in "openproject"`;
  if (present.includes(name))
    return `there is a vendor "${name}" already, or a folder of that name; write another name`;
  if (taken.has(name) || banned.has(name))
    return `"${name}" means something else in this project; write the name of the product, as in "openproject"`;
  return undefined;
}
