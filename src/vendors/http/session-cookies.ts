/** Cookies of a vendor's session, by tenant; kept in memory, so that a sweep is one session and not one a page. */
export type SessionCookies = {
  /** The value of a `Cookie` header; undefined where no session is open. */
  get(key: string): string | undefined;
  /** Takes the cookies of an answer into the session. */
  keep(key: string, setCookies: readonly string[]): void;
  drop(key: string): void;
};

export function createSessionCookies(): SessionCookies {
  const sessions = new Map<string, Map<string, string>>();
  return {
    get(key) {
      const cookies = [...(sessions.get(key) ?? [])].map(([name, value]) => `${name}=${value}`);
      return cookies.length === 0 ? undefined : cookies.join('; ');
    },
    keep(key, setCookies) {
      const session = sessions.get(key) ?? new Map<string, string>();
      for (const header of setCookies) {
        const [pair = '', ...attributes] = header.split(';');
        const [name = '', value = ''] = pair.split(/=(.*)/s).map((part) => part.trim());
        const isDeleted = attributes.some((attribute) => /^\s*max-age\s*=\s*(0|-\d+)\s*$/i.test(attribute));
        if (isDeleted || value === '') session.delete(name);
        else if (name !== '') session.set(name, value);
      }
      sessions.set(key, session);
    },
    drop: (key) => {
      sessions.delete(key);
    },
  };
}
