import { FeedError } from '../../model/feed-error.ts';

type Owner = { readonly vendor: string; readonly connectionId: string };

/**
 * The secret of a connection by its name.
 *
 * @throws config.invalid where it is missing or empty
 */
export function requireCredential(
  credentials: { readonly [name: string]: string },
  name: string,
  owner: Owner,
): string {
  const secret = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
  if (secret === undefined || secret === '')
    throw credentialFault(name, secret === '' ? 'is empty' : 'is missing', owner);
  return secret;
}

/** A credential that cannot be used. The message must not show it. */
export function credentialFault(name: string, message: string, { vendor, connectionId }: Owner): FeedError {
  const faults = [{ path: `credentials.${name}`, message }];
  return new FeedError('config.invalid', `${vendor} connection ${connectionId}: credentials.${name} ${message}`, {
    faults,
  });
}
