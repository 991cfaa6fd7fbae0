import { isFeedError } from '../src/model/feed-error.ts';
import type { Credentials } from '../src/vendors/vendor.ts';

/** Asks for credentials; with `isRefused` anew, because those known before are refused. @throws config.invalid */
export type ReadCredentials = (isRefused: boolean) => Promise<Credentials>;

/** What is asked of a vendor with a connection's credentials. */
export type AskWith = <Answer>(ask: (credentials: Credentials) => Promise<Answer>) => Promise<Answer>;

export type FreshCredentials = { readonly askWith: AskWith; known(): Promise<Credentials> };

/**
 * Credentials as they are when first needed. Where the vendor refuses them they are read anew, once, and asked with again
 * if they have changed: a secret that was rotated counts at once, one that is wrong costs a single read more.
 */
export function createFreshCredentials(read: ReadCredentials): FreshCredentials {
  let current: Promise<Credentials> | undefined;
  let reread: Promise<Credentials | undefined> | undefined;
  const known = () => {
    current ??= read(false);
    return current;
  };
  const readAnew = async () => {
    const fresh = await read(true).catch(() => undefined);
    if (fresh !== undefined) current = Promise.resolve(fresh);
    return fresh;
  };
  return {
    known,
    async askWith(ask) {
      const used = await known();
      try {
        return await ask(used);
      } catch (error) {
        if (!isFeedError(error, 'vendor.unauthorized')) throw error;
        reread ??= readAnew();
        const fresh = await reread;
        if (fresh === undefined || isSame(used, fresh)) throw error;
        return ask(fresh);
      }
    },
  };
}

function isSame(a: Credentials, b: Credentials): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
