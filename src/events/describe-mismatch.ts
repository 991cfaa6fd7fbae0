import type { core } from 'zod/mini';

export type Mismatch = { readonly path: string; readonly expected: string };

/** Where the first of a schema's complaints lies and what is expected there. Never what was found. */
export function describeMismatch(issues: readonly core.$ZodIssue[]): Mismatch {
  const [issue] = issues;
  if (issue === undefined) return { path: '', expected: 'something else' };
  if (issue.code === 'invalid_union') {
    const deepest = issue.errors.find(([inner]) => (inner?.path.length ?? 0) > 0);
    if (deepest !== undefined) {
      const inner = describeMismatch(deepest);
      return { ...inner, path: joinPath([...issue.path, inner.path]) };
    }
  }
  return { path: joinPath(issue.path), expected: `expected ${expectation(issue)}` };
}

function expectation(issue: core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return issue.values.map(String).join(' or ');
    case 'invalid_format':
      return issue.format;
    case 'too_small':
      return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    default:
      return 'another shape';
  }
}

/** Names that look like fields; keys within free objects (`identifiers`) may be anything. */
function joinPath(path: readonly PropertyKey[]): string {
  return path
    .map(String)
    .filter((name) => name !== '')
    .map((name) => (/^[\w.-]{1,100}$/.test(name) ? name : '…'))
    .join('.');
}
