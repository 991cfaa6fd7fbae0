import type { RevokeAccess } from './revoke-leavers.ts';

/** Posts revocations as JSON. Whatever is not answered with 2xx is tried again with the next delivery. */
export function revokeByWebhook(url: string): RevokeAccess {
  return async ({ idempotencyKey, ...revocation }, signal) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: JSON.stringify(revocation),
      signal,
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
  };
}
