import { hash } from 'node:crypto';
import { canonicalJson } from '../../src/diff/canonical-json.ts';

/** Reading the same bytes as any program would have to. Answers how many users there were. */
export function bareParse(pages: readonly Buffer[]): number {
  let users = 0;
  for (const page of pages) users += rowsOf(JSON.parse(page.toString())).length;
  return users;
}

/** The least that noticing a change takes without code of one's own: each user's text, and a SHA-256 of it. */
export function bareDigests(pages: readonly Buffer[]): number {
  let users = 0;
  for (const page of pages) {
    for (const row of rowsOf(JSON.parse(page.toString()))) if (hash('sha256', JSON.stringify(row)) !== '') users += 1;
  }
  return users;
}

/** The same with a text that does not depend on the order of keys, nor on how absence is spelled; nothing is mapped. */
export function canonicalDigests(pages: readonly Buffer[]): number {
  let users = 0;
  for (const page of pages) {
    for (const row of rowsOf(JSON.parse(page.toString())))
      if (hash('sha256', canonicalJson(row) ?? '') !== '') users += 1;
  }
  return users;
}

/** The users of a page: the longest list in the document, at its top or up to two levels below. */
function rowsOf(body: unknown, levels = 2): readonly unknown[] {
  if (Array.isArray(body)) return body;
  if (typeof body !== 'object' || body === null || levels === 0) return [];
  const lists = Object.values(body).map((value) => rowsOf(value, levels - 1));
  return lists.reduce((longest, list) => (list.length > longest.length ? list : longest), []);
}
