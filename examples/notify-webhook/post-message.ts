/** Sends one line to a chat. */
export type PostMessage = (text: string, signal: AbortSignal) => Promise<void>;

export type WebhookOptions = {
  readonly url: string;
  /** Between two messages. Slack takes one a second for each webhook. */
  readonly spacingMs: number;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

/** Posts to an incoming webhook in Slack's shape, never faster than it may. */
export function postToWebhook({ url, spacingMs, nowMs, sleep }: WebhookOptions): PostMessage {
  let freeAtMs = 0;
  return async (text, signal) => {
    const waitMs = Math.max(0, freeAtMs - nowMs());
    freeAtMs = Math.max(freeAtMs, nowMs()) + spacingMs;
    if (waitMs > 0) await sleep(waitMs);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      // Without markup: a name in asterisks is a name in asterisks.
      body: JSON.stringify({ text, mrkdwn: false }),
      signal,
    });
    await response.body?.cancel();
    // Too many as well: the queue delivers the event again later, and the alarm rings if that does not help.
    if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
  };
}
