import { computed, signal } from '@preact/signals';

const address = signal(location.pathname + location.search);
addEventListener('popstate', () => {
  address.value = location.pathname + location.search;
});

/** Where the page is: everything that can be seen again by its address. */
export const place = computed(() => {
  const url = new URL(address.value, location.origin);
  return {
    path: url.pathname,
    names: url.pathname.split('/').slice(1).map(decodeURIComponent),
    query: url.searchParams,
  };
});

/** Goes somewhere, as a link does. */
export function go(to: string, { replace = false }: { readonly replace?: boolean } = {}): void {
  if (to === address.value) return;
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  address.value = to;
}

/** The present address with parts of its query set, or taken out where they are empty. */
export function withQuery(parts: Readonly<Record<string, string>>): string {
  const { path, query } = place.value;
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(parts)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return next.size === 0 ? path : `${path}?${next}`;
}
