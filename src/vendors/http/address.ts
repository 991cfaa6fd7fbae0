/** The address as messages show it: origin and path, never user name, password or query. */
export function addressOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** Whether a request to it stays secret: https, or plain http that never leaves the machine. */
export function isPrivateAddress(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
