import type { TrapName } from '../../../local/simulators/trap-settings.ts';
import { placeOfPage } from './place-of-page.ts';
import type { ShownPage, Walk } from './walk-watch.ts';

/** Traps that whoever reads the list can notice, beside those that end it. */
const noticed: readonly TrapName[] = ['isPartialResponse', 'pageIgnored'];
/** Those that he can notice by how a page begins. */
const noticedByOverlap: readonly TrapName[] = ['ignoreFirst', 'renameWhileListing'];

/** What speaks against a list with this page, of the traps that have fired on it. */
export function denialsOn(page: ShownPage, { pages }: Pick<Walk, 'pages'>, hasFired: (trap: TrapName) => boolean) {
  const denying = leavesNoMark(pageBefore(page, pages)) ? noticed : [...noticed, ...noticedByOverlap];
  return denying.filter(hasFired);
}

/** A page begins with users of the page before: where that has one user, it would show him again for ever. */
function leavesNoMark(page: ShownPage | undefined): boolean {
  return page !== undefined && page.served.size < 2;
}

function pageBefore({ query }: ShownPage, pages: readonly ShownPage[]): ShownPage | undefined {
  const place = (page: ShownPage) => placeOfPage(page.query);
  const before = pages.filter((page) => place(page) < placeOfPage(query));
  return before.toSorted((a, b) => place(a) - place(b)).at(-1);
}
