import { go, place, withQuery } from './place.ts';

const rows = '[data-row]';

/** Keys of the whole page: j and k move between rows, / goes to the filter, Escape leaves what is open. */
export function listenToKeys(): () => void {
  addEventListener('keydown', obey);
  return () => removeEventListener('keydown', obey);
}

function obey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target)) {
    if (event.key === 'Escape') (event.target as HTMLElement).blur();
    return;
  }
  const act = acts[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
}

const acts: Readonly<Record<string, () => void>> = {
  j: () => moveBy(1),
  k: () => moveBy(-1),
  '/': () => document.querySelector<HTMLElement>('[data-filter]')?.focus(),
  Escape: leave,
};

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type=checkbox]), select, textarea');
}

/** To the next row in the order of the page. Rows out of sight come into it with the focus. */
function moveBy(step: number): void {
  const all = [...document.querySelectorAll<HTMLElement>(rows)].filter((row) => row.offsetParent !== null);
  const inOrder = all.toSorted((a, b) => Number(a.dataset.row) - Number(b.dataset.row));
  const at = inOrder.indexOf(document.activeElement as HTMLElement);
  const next = at === -1 ? inOrder[0] : inOrder[at + step];
  next?.focus();
}

/** Closes what is open; then one level up. */
function leave(): void {
  const { query, names } = place.value;
  if (query.has('open')) {
    const open = query.get('open') ?? '';
    go(withQuery({ open: '' }));
    // The row that was left has the focus again.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-key="${CSS.escape(open)}"]`)?.focus());
  } else if (names.length > 1) go(`/${names.slice(0, -1).join('/')}`);
}
