import type * as z from 'zod/mini';

/** What is wrong with a piece of a vendor's JSON: which field and what was expected, never what stands there. */
export function describeIssue(error: z.core.$ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'not of the expected form';
  const path = issue.path.map(String).join('.');
  const what = issue.code === 'invalid_type' ? `expected ${issue.expected}` : describeRest(issue);
  return path === '' ? what : `${path}: ${what}`;
}

function describeRest(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return `expected at least ${issue.minimum}`;
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}`;
    default:
      return 'not of the expected form';
  }
}
