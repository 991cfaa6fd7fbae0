import { plainText } from './plain-text.ts';

/** A text in lines of at most `width` characters, broken between words, or within one that fits nowhere. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  const longest = Math.max(1, width);
  const pieces = new RegExp(`.{1,${longest}}`, 'gu');
  for (const word of plainText(text)
    .split(' ')
    .flatMap((part) => part.match(pieces) ?? [''])) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= longest) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
