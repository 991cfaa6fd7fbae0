import type { SecretReference } from '../src/model/connection.ts';

/** A pasted key can pass for the name of a variable in mixed case or with digits. */
const surelyName = /^(?:[A-Z_][A-Z0-9_]*|[a-z_]{1,40})$/;

/** Where a secret is kept, never the secret: nor a name that could be one. */
export function shownReference(reference: SecretReference): SecretReference {
  return 'env' in reference && !surelyName.test(reference.env)
    ? { env: '(not shown: it could be a pasted key)' }
    : reference;
}
