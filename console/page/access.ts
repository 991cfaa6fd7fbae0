const name = 'ucf-console-token';

/**
 * The token of the address that `ucf` printed. It leaves the address at once, so that nobody copies it with a link, and is
 * kept for this origin, port included: unlike a cookie, no other port of this machine gets to see it. Answers whether there was one.
 */
export function takeToken(): boolean {
  const found = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (found === undefined) return false;
  localStorage.setItem(name, found);
  history.replaceState(null, '', location.pathname + location.search);
  return true;
}

export function authorization(): Record<string, string> {
  return { authorization: `Bearer ${localStorage.getItem(name) ?? ''}` };
}
