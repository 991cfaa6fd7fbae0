/** Where the secrets of a deployment lie: `/<prefix>/…` in SSM, `<prefix>/…` in Secrets Manager. */
export type SecretPrefix = { readonly ssm: string; readonly secretsManager: string };

/** The prefix of both services, however many slashes it was written with. */
export function readSecretPrefix(text: string): SecretPrefix {
  const bare = text.replace(/^\/+|\/+$/g, '');
  return { ssm: `/${bare}/`, secretsManager: `${bare}/` };
}

/** Why a name or ARN does not lie below the prefix of its service; undefined where it does. */
export function explainOutside(reference: string, kind: keyof SecretPrefix, prefix: SecretPrefix): string | undefined {
  const name = nameOf(reference);
  if (name.startsWith(prefix[kind]) && name.length > prefix[kind].length) return undefined;
  return `lies outside of ${prefix[kind]}, the only place this deployment may read from: move it there, and name it so`;
}

/** An ARN ends in the name: `arn:aws:ssm:<region>:<account>:parameter/a/b`, `arn:aws:secretsmanager:…:secret:a/b-AbCdEf`. */
function nameOf(reference: string): string {
  const [, name] =
    /^arn:aws[\w-]*:(?:ssm:[^:]*:\d*:parameter|secretsmanager:[^:]*:\d*:secret:)(.+)$/.exec(reference) ?? [];
  return name ?? reference;
}
