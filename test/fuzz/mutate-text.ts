import type { Random } from '../../local/simulators/random.ts';

/** Texts that have broken programs before. */
const strangeTexts = [
  '',
  ' ',
  '0',
  '-1',
  '1e999',
  'null',
  'undefined',
  'NaN',
  'true',
  '[]',
  '{}',
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  '\n',
  '\r\nSet-Cookie: a=b',
  '\u2028',
  '\ud800',
  '\udc00x',
  '\ufeff',
  '\u202e',
  'İ',
  'ß'.repeat(300),
  '🙂🙃',
  'a'.repeat(600),
  '%00',
  '%',
  '%2e%2e%2f',
  '../../..',
  '//[',
  'http://127.0.0.1:1/',
  'https://elsewhere.example/?a=b',
  '=1+1',
  '2026-02-30T25:61:61Z',
  '0000-00-00',
  '+275760-09-13T00:00:00.001Z',
  '-000001-01-01T00:00:00Z',
  '99999999999999999999',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'Fri, 31 Dec 9999 23:59:59 GMT',
] as const;

const strangeSigns = [
  '\u0000',
  '\n',
  '\r',
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ';',
  '=',
  '<',
  '>',
  '%',
  '\ud83d',
  '\u200b',
  'é',
  '0',
];

export function strangeText(random: Random): string {
  return random.pick(strangeTexts);
}

/** A text that is like the one before but for a place. */
export function mutateText(text: string, random: Random): string {
  const from = random.below(text.length + 1);
  const until = Math.min(text.length, from + random.below(8));
  const [head, middle, tail] = [text.slice(0, from), text.slice(from, until), text.slice(until)];
  switch (random.below(8)) {
    case 0:
      return strangeText(random);
    case 1:
      return head + tail;
    case 2:
      return head + random.pick(strangeSigns) + middle + tail;
    case 3:
      return head + random.pick(strangeSigns) + tail;
    case 4:
      return head + middle + middle + tail;
    case 5:
      return head;
    case 6:
      return head + strangeText(random) + tail;
    default:
      return head + middle.repeat(2 + random.below(200)) + tail;
  }
}
