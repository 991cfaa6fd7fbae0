const maxDepth = 64;
const blank = /[ \t\r\n]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON allows no control character in a text
const plain = /[^"\\\u0000-\u001f]+/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const scalar = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/** A place in a JSON text and what is wrong there. Quotes nothing of the text but punctuation: it may hold a secret. */
export type JsonFault = { readonly line: number; readonly column: number; readonly reason: string };

export type JsonScan = {
  /** Where the text stops being JSON. */
  readonly broken: JsonFault | undefined;
  /** Keys that stand twice in one object, of which `JSON.parse` would silently take the last. */
  readonly repeatedKeys: readonly JsonFault[];
};

/**
 * What `JSON.parse` does not say without quoting the text: the place of a syntax error, and repeated keys.
 * Agrees with `JSON.parse` on what is JSON, up to a depth of 64.
 */
export function scanJson(source: string): JsonScan {
  const scanner = createScanner(source);
  const broken = scanner.readValue(0) ?? scanner.readEnd();
  return { broken, repeatedKeys: scanner.repeatedKeys };
}

/** Each `read…` moves behind what it reads, or answers with the fault that stopped it. */
function createScanner(source: string) {
  let at = 0;
  const repeatedKeys: JsonFault[] = [];

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  // Part by part: one pattern for a whole text runs out of stack at some million characters.
  const takeText = (): string | undefined => {
    const start = at;
    if (source[at] === '"') {
      at += 1;
      while (take(plain) ?? take(escaped));
      if (source[at] === '"') {
        at += 1;
        return source.slice(start, at);
      }
    }
    at = start;
    return undefined;
  };
  const takeSign = (sign: string): boolean => {
    take(blank);
    const isThere = source[at] === sign;
    if (isThere) at += 1;
    return isThere;
  };
  const fail = (expected: string): JsonFault => locate(source, at, explain(source, at, expected));

  function readValue(depth: number): JsonFault | undefined {
    if (takeSign('{')) return readMembers('}', depth, readMember(new Set()));
    if (takeSign('[')) return readMembers(']', depth, readValue);
    return take(scalar) === undefined && takeText() === undefined ? fail('a value') : undefined;
  }

  function readMembers(end: string, depth: number, readOne: typeof readValue): JsonFault | undefined {
    if (depth === maxDepth) return locate(source, at, `values are nested more than ${maxDepth} deep`);
    if (takeSign(end)) return undefined;
    do {
      const fault = readOne(depth + 1);
      if (fault !== undefined) return fault;
    } while (takeSign(','));
    return takeSign(end) ? undefined : fail(`"," or "${end}"`);
  }

  function readMember(keys: Set<unknown>): typeof readValue {
    return (depth) => {
      take(blank);
      const start = at;
      const key = takeText();
      if (key === undefined) return fail('a key in double quotes');
      const name: unknown = JSON.parse(key);
      if (keys.has(name)) repeatedKeys.push(locate(source, start, 'a key stands for the second time in one object'));
      keys.add(name);
      return takeSign(':') ? readValue(depth) : fail('":"');
    };
  }

  function readEnd(): JsonFault | undefined {
    take(blank);
    return at === source.length ? undefined : fail('the end of the file');
  }

  return { readValue, readEnd, repeatedKeys };
}

function explain(source: string, at: number, expected: string): string {
  const sign = source[at];
  if (sign === undefined) return `expected ${expected}, but the file ends`;
  if (/^(?:\/[/*]|#)/.test(source.slice(at, at + 2))) return 'a comment stands here, and JSON has none: remove it';
  if (sign === "'") return `expected ${expected}, found a single quote: JSON wants double quotes`;
  if (sign === '"')
    return `expected ${expected}, found a text; if one is expected, it has no end or holds what JSON wants escaped`;
  const isTrailingComma = /[}\]]/.test(sign) && /,[ \t\r\n]*$/.test(source.slice(0, at));
  if (isTrailingComma) return `a comma stands before "${sign}", where JSON allows none: remove it`;
  return `expected ${expected}, found ${/^[!-~]$/.test(sign) && !/\w/.test(sign) ? `"${sign}"` : 'a word or sign without quotes'}`;
}

function locate(source: string, at: number, reason: string): JsonFault {
  const before = source.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, reason };
}
