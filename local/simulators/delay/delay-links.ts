export type LinkedPage = {
  readonly page: number;
  readonly next: number | null;
  readonly last: number;
  /** Replaces origin and path. */
  readonly base: string;
};

/** The `Link` header of a page, undefined where everything fits in one.
 *  Source: hive.docs.delay.dev/pagination.html (stored copy), after GitHub: the last page names neither next nor last. */
export function writeLinks(asked: URL, { page, next, last, base }: LinkedPage): string | undefined {
  if (page === 1 && next === null) return undefined;
  const link = (relation: string, number: number) => {
    const query = new URLSearchParams(asked.searchParams);
    query.set('page', String(number));
    return `<${base}?${query}>; rel="${relation}"`;
  };
  const forward = next === null ? [] : [link('next', next), link('last', Math.max(last, page))];
  const back = page === 1 ? [] : [link('prev', page - 1), link('first', 1)];
  return [...forward, ...back].join(', ');
}
