import type { ObservedUser } from '../model/canonical-user.ts';
import type { Page } from '../model/page.ts';
import type { UserRule, UserRules } from '../model/user-rules.ts';

/** The page with the users that pass the rules; the others are named in `excluded`. Rejected rows stay: nobody can tell. */
export function selectUsers(page: Page, { include = {}, exclude = {} }: UserRules): Page {
  const wanted = testsOf(include);
  const unwanted = testsOf(exclude);
  const passes = (user: ObservedUser) => wanted.every((test) => test(user)) && !unwanted.some((test) => test(user));
  const users = page.users.filter(passes);
  if (users.length === page.users.length) return page;
  return { ...page, users, excluded: page.users.filter((user) => !passes(user)).map(({ id }) => id) };
}

type Test = (user: ObservedUser) => boolean;
type Key = keyof UserRule;

/** Values as they are given and, for comparing whatever the case, in lower case. */
type Values = { readonly exact: ReadonlySet<string>; readonly folded: ReadonlySet<string> };

const matchers: { readonly [K in Key]: (user: ObservedUser, values: Values) => boolean } = {
  userTypes: ({ userType }, values) => isAmong(userType, values),
  accountTypes: ({ vendorAttributes }, values) => isAmong(vendorAttributes?.accountType, values),
  emailDomains: ({ emails = [] }, values) => emails.some(({ value }) => isAmong(/@([^@]*)$/.exec(value)?.[1], values)),
  // An id is compared as it is: two groups may differ in its case alone.
  groups: ({ groups = [] }, values) =>
    groups.some(({ id, name }) => (id !== undefined && values.exact.has(id)) || isAmong(name, values)),
};

function isAmong(value: unknown, { folded }: Values): boolean {
  return typeof value === 'string' && folded.has(value.toLowerCase());
}

/** One test a key of the rule. */
function testsOf(rule: UserRule): readonly Test[] {
  return Object.entries(rule).map(([key, given]) => {
    const values = { exact: new Set(given), folded: new Set(given.map((value) => value.toLowerCase())) };
    return (user) => matchers[key as Key](user, values);
  });
}
