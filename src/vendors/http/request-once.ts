import { type Dispatcher, request as sendRequest } from 'undici';
import type { HttpHeaders, HttpRequest } from './http-client.ts';
import type { HttpLimits } from './http-limits.ts';
import { acceptedEncodings, type BodyReading, readBody } from './read-body.ts';

/** What one try led to. A body that could not be read is still an answer: its status says more than the body. */
export type TryOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: HttpHeaders;
      readonly setCookies: readonly string[];
      readonly body: BodyReading;
    }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'unreachable'; readonly cause: unknown };

export type TryIo = { readonly dispatcher: Dispatcher; readonly limits: HttpLimits };

/** Sends a request once, under one deadline for connecting, headers and body together. Follows no redirect. */
export async function requestOnce(request: HttpRequest, { dispatcher, limits }: TryIo): Promise<TryOutcome> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), limits.timeoutMs);
  try {
    const response = await sendRequest(request.url, {
      dispatcher,
      method: request.method ?? 'GET',
      headers: headersOf(request),
      body: bodyOf(request),
      signal: deadline.signal,
    });
    const { statusCode: status, body: stream } = response;
    const headers = lastOfEach(response.headers);
    const maxBytes = status >= 200 && status <= 299 ? limits.maxBodyBytes : limits.maxErrorBodyBytes;
    const body = await readBody(stream, headers['content-encoding'], maxBytes);
    const setCookies = [response.headers['set-cookie'] ?? []].flat();
    const wasCut = 'fault' in body && body.fault.kind === 'cut_short';
    return wasCut && deadline.signal.aborted
      ? { kind: 'timed_out' }
      : { kind: 'answered', status, headers, setCookies, body };
  } catch (cause) {
    return deadline.signal.aborted ? { kind: 'timed_out' } : { kind: 'unreachable', cause };
  } finally {
    clearTimeout(timer);
  }
}

/** The headers that are sent, by lower-case name; what the vendor sets wins. */
export function headersOf(request: HttpRequest): Record<string, string> {
  const own = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    accept: 'application/json',
    'accept-encoding': acceptedEncodings,
    'user-agent': 'user-change-feed',
    ...(request.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
    ...Object.fromEntries(own),
  };
}

function bodyOf({ form, json }: HttpRequest): string | null {
  if (form !== undefined) return new URLSearchParams(form).toString();
  return json === undefined ? null : JSON.stringify(json);
}

function lastOfEach(headers: { readonly [name: string]: string | string[] | undefined }): HttpHeaders {
  const last: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    // Links may be spread over several headers (RFC 8288 §3), and each of them counts.
    const text = Array.isArray(value) ? (name === 'link' ? value.join(', ') : value.at(-1)) : value;
    if (text !== undefined) last[name] = text;
  }
  return last;
}
