/** A fenced block of a page. */
export type CodeBlock = {
  readonly page: string;
  /** Of its first line, from 1. */
  readonly line: number;
  /** What stands behind the fence; empty where nothing does. */
  readonly language: string;
  readonly code: string;
};

/** The fenced blocks of a page, in order. @throws where a fence is not closed */
export function codeBlocks(page: string, text: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { readonly fence: string; readonly language: string; readonly line: number } | undefined;
  let code = '';
  for (const [at, line] of text.split('\n').entries()) {
    const [, fence = '', language = ''] = /^\s*(`{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined && fence !== '') {
      open = { fence, language: language.trim(), line: at + 2 };
      code = '';
    } else if (open !== undefined && fence === open.fence && language === '') {
      blocks.push({ page, line: open.line, language: open.language, code });
      open = undefined;
    } else if (open !== undefined) {
      code += `${line}\n`;
    }
  }
  if (open !== undefined) throw new Error(`${page}:${open.line - 1}: a block is opened and never closed`);
  return blocks;
}
