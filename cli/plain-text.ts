/** Without control characters: a name with a line break or an escape sequence must not write to the terminal. */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}
