import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Refusal, refusal } from './refusal.ts';

export type Guarded = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
};

/** Whom the console answers: its own page, on its own port, opened by whoever has read its address. */
export type Gate = { readonly port: number; readonly token: string };

/**
 * Why a request is refused; undefined where it is let in. Four doors, each against somebody else:
 * the name of the host, against sites whose name was made to point here; the kind of fetch, against pages of other
 * origins; the origin of whatever changes something, against their forms; and the token, against other people and
 * programs of this machine, who reach the port as well as its owner does. The page itself needs no token: nothing is in it.
 */
export function guardRequest({ method, path, headers }: Guarded, { port, token }: Gate): Refusal | undefined {
  const names = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!names.includes(headers.host ?? '')) return refusal(403, 'wrong host: open the address that ucf has printed');
  if (!path.startsWith('/api/')) return method === 'GET' ? undefined : refusal(405, 'only GET');
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return refusal(403, 'only the page of this console may ask');
  if (!hasToken(headers.authorization, token))
    return refusal(401, 'the token is missing or of an earlier start: open the address that ucf has printed');
  if (method === 'GET') return undefined;
  if (method !== 'POST') return refusal(405, 'only GET and POST');
  const own = names.map((name) => `http://${name}`);
  if (!own.includes(headers.origin ?? '')) return refusal(403, 'only the page of this console may change anything');
  return undefined;
}

/** Digests are compared, in constant time: they have one length, whatever was sent. */
function hasToken(authorization: string | undefined, token: string): boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`));
}
