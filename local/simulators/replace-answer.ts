import { type Answer, jsonAnswer, type VendorServer, type World } from './simulated-vendor.ts';
import type { Spot } from './traps.ts';

const loginPage =
  '<!doctype html><html><head><title>Sign in</title></head><body><form action="/login" method="post"></form></body></html>';

/** What a trap has the vendor, or something in front of it, say instead of the truth; null where none is armed. */
export function replaceAnswer(
  { traps, nowMs }: World,
  server: VendorServer,
  spot: Spot,
  elsewhere: string,
): Answer | null {
  const error = traps.fire('error', spot);
  if (error) return server.fault(error.status);
  if (traps.fire('unauthorized', spot)) return server.fault(401);
  if (traps.fire('forbidden', spot)) return server.fault(403);

  const limited = traps.fire('rateLimited', spot);
  if (limited) {
    const isDate = limited.retryAfter === 'date';
    const retryAfter = isDate ? new Date(nowMs() + limited.seconds * 1000).toUTCString() : String(limited.seconds);
    return withHeaders(server.fault(429), { 'retry-after': retryAfter });
  }
  const reset = traps.fire('rateLimitEpochReset', spot);
  if (reset) {
    const resetAt = Math.ceil(nowMs() / 1000) + reset.seconds;
    const headers = { 'ratelimit-limit': '6', 'ratelimit-remaining': '0', 'ratelimit-reset': String(resetAt) };
    return withHeaders(server.fault(429), headers);
  }

  if (traps.fire('htmlLogin', spot)) {
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: loginPage };
  }
  const redirect = traps.fire('redirectElsewhere', spot);
  if (redirect) return { status: 302, headers: { location: redirect.location ?? elsewhere }, body: '' };
  const wrong = traps.fire('wrongShape', spot);
  return wrong ? jsonAnswer(200, wrong.body) : null;
}

function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
