import type { Json } from '../../src/model/json.ts';
import { countNodes, nodeAt, replaceNode } from './mutate-json.ts';

const mostTries = 600;

/** The smallest input found that still breaks the same: without members, with simpler ones in their place, with shorter texts. */
export async function minimise(input: Json, stillBreaks: (input: Json) => Promise<boolean>): Promise<Json> {
  let smallest = input;
  let tries = 0;
  for (let isSmaller = true; isSmaller && tries < mostTries; ) {
    isSmaller = false;
    for (const candidate of simplerThan(smallest)) {
      tries += 1;
      if (tries > mostTries) break;
      if (!(await stillBreaks(candidate))) continue;
      smallest = candidate;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

function* simplerThan(value: Json): Generator<Json> {
  const count = countNodes(value);
  for (let at = 0; at < count; at += 1) {
    const node = nodeAt(value, at);
    for (const simpler of simplerNodes(node)) yield replaceNode(value, at, () => simpler);
  }
}

function simplerNodes(node: Json): readonly Json[] {
  if (typeof node === 'string') return node === '' ? [] : ['', ...halves(node)];
  if (Array.isArray(node)) return node.length === 0 ? [] : [[], ...node.map((_, at) => node.toSpliced(at, 1))];
  if (typeof node !== 'object' || node === null) return [];
  const entries = Object.entries(node);
  return entries.length === 0 ? [] : [{}, ...entries.map((_, at) => Object.fromEntries(entries.toSpliced(at, 1)))];
}

function halves(text: string): readonly string[] {
  const middle = Math.floor(text.length / 2);
  return text.length < 2 ? [] : [text.slice(0, middle), text.slice(middle), text.slice(0, -1), text.slice(1)];
}
