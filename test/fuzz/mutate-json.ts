import type { Random } from '../../local/simulators/random.ts';
import type { Json } from '../../src/model/json.ts';
import { mutateText, strangeText } from './mutate-text.ts';

const strangeNumbers = [
  0,
  -0,
  -1,
  1,
  0.1,
  1e21,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53),
  5e-324,
];
const strangeKeys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  'length',
  '',
  'id',
  'ID',
  '0',
  '\u0000',
  'k'.repeat(300),
];
const mostChanges = 4;
/** Larger inputs say no more, and take longer. */
const mostNodes = 1_500;

/** A value that is like one of the corpus but for a few places, which may hold parts of others. */
export function mutateJson(value: Json, random: Random, corpus: readonly Json[]): Json {
  let mutated = value;
  // Few more often than many: what is changed everywhere is refused at the door.
  for (let left = 1 + random.below(1 + random.below(mostChanges)); left > 0; left -= 1) {
    const count = countNodes(mutated);
    const at = random.below(2) === 0 ? random.below(Math.min(count, mostNodes)) : descend(mutated, random);
    mutated = replaceNode(mutated, at, (node) => mutateNode(node, random, corpus, count));
  }
  return mutated;
}

/** A place that is the more likely the less deep it lies: rows rather than their fields, of which there are so many more. */
function descend(value: Json, random: Random): number {
  const children = childrenOf(value);
  if (children.length === 0 || random.below(4) === 0) return 0;
  const chosen = random.below(children.length);
  const before = children.slice(0, chosen).reduce<number>((sum, child) => sum + countNodes(child), 1);
  return before + descend(children[chosen] ?? null, random);
}

/** The part of a value at a place, counted in the order in which it is written. */
export function nodeAt(value: Json, at: number): Json {
  let found: Json = value;
  replaceNode(value, at, (node) => {
    found = node;
    return node;
  });
  return found;
}

export function countNodes(value: Json): number {
  return childrenOf(value).reduce<number>((sum, child) => sum + countNodes(child), 1);
}

/** The value with another part at a place. Keys of any name stay keys, `__proto__` among them. */
export function replaceNode(value: Json, at: number, replace: (node: Json) => Json): Json {
  if (at === 0) return replace(value);
  let left = at - 1;
  const visit = (child: Json): Json => {
    const size = left < 0 ? 0 : countNodes(child);
    const isHere = left >= 0 && left < size;
    const place = left;
    left -= left < 0 ? 0 : size;
    if (!isHere) return child;
    left = -1;
    return replaceNode(child, place, replace);
  };
  if (Array.isArray(value)) return value.map(visit);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, visit(child)]));
  return value;
}

function mutateNode(node: Json, random: Random, corpus: readonly Json[], size: number): Json {
  switch (random.below(10)) {
    case 0:
      return strangeValue(random);
    case 1:
      return partOf(random, corpus);
    case 2:
      return random.below(2) === 0 ? [node] : { [random.pick(strangeKeys)]: node };
    case 3:
      // What was a value becomes text that is nearly its JSON: a body is then sent as it stands.
      return typeof node === 'string' ? mutateText(node, random) : mutateText(JSON.stringify(node), random);
    default:
      return mutateInKind(node, random, corpus, size);
  }
}

function mutateInKind(node: Json, random: Random, corpus: readonly Json[], size: number): Json {
  if (typeof node === 'string') return mutateText(node, random);
  if (typeof node === 'number') return random.below(2) === 0 ? node + random.below(3) - 1 : random.pick(strangeNumbers);
  if (typeof node === 'boolean') return !node;
  if (Array.isArray(node)) return mutateArray(node, random, corpus, size);
  if (isObject(node)) return mutateObject(node, random, corpus);
  return strangeValue(random);
}

function mutateArray(list: readonly Json[], random: Random, corpus: readonly Json[], size: number): Json {
  const at = random.below(list.length + 1);
  switch (random.below(6)) {
    case 0:
      return list.filter((_, index) => index !== at);
    case 1:
      return list.toSpliced(at, 0, list[random.below(Math.max(1, list.length))] ?? null);
    case 2:
      return list.toSpliced(at, 0, partOf(random, corpus));
    case 3:
      return [];
    case 4:
      return random.shuffle(list);
    default:
      return size > mostNodes ? [] : Array.from({ length: 2 + random.below(3) }, () => list).flat();
  }
}

function mutateObject(object: { readonly [key: string]: Json }, random: Random, corpus: readonly Json[]): Json {
  const entries = Object.entries(object);
  const at = random.below(entries.length + 1);
  const [key, value] = entries[at] ?? ['id', null];
  switch (random.below(6)) {
    case 0:
      return Object.fromEntries(entries.filter((_, index) => index !== at));
    case 1:
      return Object.fromEntries(entries.toSpliced(at, 1, [random.pick(strangeKeys), value]));
    case 2:
      return Object.fromEntries([...entries, [random.pick(strangeKeys), partOf(random, corpus)]]);
    case 3:
      return Object.fromEntries(
        entries.toSpliced(at, 1, [key, entries[random.below(Math.max(1, entries.length))]?.[1] ?? null]),
      );
    case 4:
      return Object.fromEntries(entries.toSpliced(at, 1, [mutateText(key, random), value]));
    default:
      return Object.fromEntries(entries.toSpliced(at, 1, [key, strangeValue(random)]));
  }
}

function strangeValue(random: Random): Json {
  switch (random.below(6)) {
    case 0:
      return null;
    case 1:
      return random.pick(strangeNumbers);
    case 2:
      return random.below(2) === 0;
    case 3:
      return random.below(2) === 0 ? [] : {};
    case 4:
      return nest(10 + random.below(300), random.below(2) === 0);
    default:
      return strangeText(random);
  }
}

function nest(depth: number, isList: boolean): Json {
  let nested: Json = 'deep';
  for (let level = 0; level < depth; level += 1) nested = isList ? [nested] : { a: nested };
  return nested;
}

function partOf(random: Random, corpus: readonly Json[]): Json {
  const whole = random.pick(corpus);
  return nodeAt(whole, random.below(Math.min(countNodes(whole), mostNodes)));
}

function childrenOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
