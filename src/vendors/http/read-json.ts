import { showHeaderWord } from './show-header-word.ts';

/** A body as JSON, or in a few words why it is none. Never with a piece of the body: it may hold users. */
export type JsonReading = { readonly json: unknown } | { readonly fault: string };

/**
 * Arrays and objects of one document. A page of a thousand users has some 25,000; 32 MB of empty ones would take more
 * memory than a sweep function has, and a few kilobytes unpack to 32 MB.
 */
const maxContainers = 500_000;

/** Reads bytes that should be one JSON document in UTF-8, whole and well-formed. */
export function readJson(bytes: Uint8Array, contentType: string | undefined): JsonReading {
  const type = (contentType?.split(';')[0] ?? '').trim().toLowerCase();
  const looksLikeHtml = type.includes('html') || startsLikeMarkup(bytes);
  if (looksLikeHtml) return { fault: 'an HTML page instead of JSON (a login or error page?)' };
  // A missing content type says nothing against the body; a wrong one does.
  if (type !== '' && !isJsonType(type))
    return { fault: `content type ${showHeaderWord('content-type', type)} instead of JSON` };
  if (bytes.byteLength === 0) return { fault: 'an empty body instead of JSON' };
  if (hasTooManyContainers(bytes))
    return { fault: `more than ${maxContainers} arrays and objects: ask for smaller pages` };
  try {
    return { json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch (cause) {
    return { fault: explainMalformed(cause, bytes.byteLength) };
  }
}

function isJsonType(type: string): boolean {
  return type === 'application/json' || /^[\w.-]+\/[\w.-]+\+json$/.test(type);
}

function startsLikeMarkup(bytes: Uint8Array): boolean {
  return /^\s*</.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1').replace(/^ï»¿/, ''));
}

/** Those that stand in a text are counted as well: no list comes near the bound. */
function hasTooManyContainers(bytes: Uint8Array): boolean {
  if (bytes.byteLength <= maxContainers) return false;
  let count = 0;
  // By index: the iterator takes ten times as long.
  for (let at = 0; at < bytes.byteLength; at += 1) if (bytes[at] === 0x5b || bytes[at] === 0x7b) count += 1;
  return count > maxContainers;
}

function explainMalformed(cause: unknown, length: number): string {
  // The parser's own message quotes the body; only which kind of fault it was is taken from it.
  const message = cause instanceof SyntaxError ? cause.message : '';
  if (message === '') return `a body of ${length} bytes that is not UTF-8`;
  const isCut = /end of JSON input|Unterminated|after property value|after array element/i.test(message);
  return `a body of ${length} bytes that is not well-formed JSON${isCut ? ': it ends in the middle' : ''}`;
}
