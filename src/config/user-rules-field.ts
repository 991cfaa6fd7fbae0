import * as z from 'zod/mini';
import type { UserRule, UserRules } from '../model/user-rules.ts';
import { says } from './wording.ts';

const domain = z.string(says('a domain like acme.example, without "@"')).check(z.regex(/^[^@\s*]+$/));
const anyText = z.string().check(z.minLength(1));

const valuesField = (value: typeof anyText, description: string) =>
  z.optional(z.array(value).check(z.minLength(1), z.describe(description)));

const ruleField = (whom: string) =>
  z.optional(
    z.strictObject({
      userTypes: valuesField(anyText, `${whom} users of one of these types.`),
      accountTypes: valuesField(anyText, `${whom} users with one of these account types, e.g. of Jira.`),
      emailDomains: valuesField(domain, `${whom} users with an address in one of these domains, not its subdomains.`),
      groups: valuesField(anyText, `${whom} members of one of these groups, by id or name.`),
    }),
  );

/** `users`: which of the listed users the connection is about. */
export const userRulesField = z.optional(z.strictObject({ include: ruleField('Only'), exclude: ruleField('All but') }));

type Written<Rules> = Rules extends object
  ? { readonly [Key in keyof Rules]?: Written<Rules[Key]> | undefined }
  : Rules;

/** Rules in one spelling, as they are part of the list's scope; undefined where there are none. */
export function toUserRules(rules: Written<UserRules> = {}): UserRules | undefined {
  const include = toRule(rules.include as UserRule | undefined);
  const exclude = toRule(rules.exclude as UserRule | undefined);
  if (include === undefined && exclude === undefined) return undefined;
  return { ...(include && { include }), ...(exclude && { exclude }) };
}

function toRule(rule: UserRule = {}): UserRule | undefined {
  const given = Object.entries(rule).filter(([, values]) => values !== undefined);
  if (given.length === 0) return undefined;
  return Object.fromEntries(
    // The id of a group is compared as it is.
    given.map(([key, values]) => [key, toSet(key === 'groups' ? values : values.map((value) => value.toLowerCase()))]),
  );
}

function toSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
