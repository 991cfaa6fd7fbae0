import type { Ask } from '../simulated-vendor.ts';

const sessionMs = 30 * 60_000;

/** The gateway's sessions. Source: yuuvisdevelop.atlassian.net/wiki, onpremise/pages/340361339 (stored copy), for the
 *  sister gateway: 30 minutes, at most 1000 a user. */
export type YuuvisSessions = {
  /** The open session that a request brings along. */
  find(ask: Ask): string | null;
  /** How many are open. */
  count(): number;
  /** The new session's `Set-Cookie`. */
  open(): string;
  close(session: string): void;
};

export const maxSessions = 1000;

export function createYuuvisSessions(nowMs: () => number): YuuvisSessions {
  const endsAtMs = new Map<string, number>();
  let opened = 0;
  const forgetEnded = () => {
    for (const [session, endMs] of endsAtMs) if (endMs <= nowMs()) endsAtMs.delete(session);
  };
  return {
    find: ({ headers: { cookie = '' } }) => {
      forgetEnded();
      const session = /(?:^|;\s*)GWSESSIONID=([^;]*)/.exec(cookie)?.[1];
      if (session === undefined || !endsAtMs.has(session)) return null;
      endsAtMs.set(session, nowMs() + sessionMs);
      return session;
    },
    count: () => {
      forgetEnded();
      return endsAtMs.size;
    },
    open: () => {
      opened += 1;
      const session = `simulated-yuuvis-session-${opened}`;
      endsAtMs.set(session, nowMs() + sessionMs);
      return `GWSESSIONID=${session}; Path=/; HttpOnly; SameSite=Lax`;
    },
    close: (session) => {
      endsAtMs.delete(session);
    },
  };
}
