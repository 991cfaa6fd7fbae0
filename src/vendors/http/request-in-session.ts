import { isFeedError } from '../../model/feed-error.ts';
import type { HttpClient, HttpJson, HttpRequest } from './http-client.ts';
import type { SessionCookies } from './session-cookies.ts';

/**
 * Sends a request within the session of `key`, and keeps the session that the answer opens. A 401 may mean that the
 * session has ended rather than that the credential is wrong, so it is dropped and the request tried once without it.
 *
 * @throws vendor.unauthorized when it is refused without a session too, otherwise as `HttpClient`
 */
export async function requestInSession(
  { http, sessions }: { readonly http: HttpClient; readonly sessions: SessionCookies },
  key: string,
  request: HttpRequest,
): Promise<HttpJson> {
  const cookie = sessions.get(key);
  try {
    return await send(cookie);
  } catch (error) {
    if (cookie === undefined || !isFeedError(error, 'vendor.unauthorized')) throw error;
  }
  // Another request may have opened a new session meanwhile: only the refused one is dropped.
  if (sessions.get(key) === cookie) sessions.drop(key);
  return send(sessions.get(key));

  async function send(sent: string | undefined): Promise<HttpJson> {
    const headers = sent === undefined ? request.headers : { ...request.headers, cookie: sent };
    const secrets = sent === undefined ? request.secrets : [...request.secrets, ...valuesOf(sent)];
    const answer = await http.requestJson({ ...request, ...(headers === undefined ? {} : { headers }), secrets });
    if (answer.setCookies.length > 0) sessions.keep(key, answer.setCookies);
    return answer;
  }
}

/** The value of each cookie: whoever has it is signed in. */
function valuesOf(cookie: string): readonly string[] {
  return cookie.split('; ').map((pair) => pair.slice(pair.indexOf('=') + 1));
}
