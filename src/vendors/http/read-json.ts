/** A body as JSON, or in a few words why it is none. Never with a piece of the body: it may hold users. */
export type JsonReading = { readonly json: unknown } | { readonly fault: string };

/** Reads bytes that should be one JSON document in UTF-8, whole and well-formed. */
export function readJson(bytes: Uint8Array, contentType: string | undefined): JsonReading {
  const type = (contentType?.split(';')[0] ?? '').trim().toLowerCase();
  const looksLikeHtml = type.includes('html') || startsLikeMarkup(bytes);
  if (looksLikeHtml) return { fault: 'an HTML page instead of JSON (a login or error page?)' };
  // A missing content type says nothing against the body; a wrong one does.
  if (type !== '' && !isJsonType(type)) return { fault: `content type ${type} instead of JSON` };
  if (bytes.byteLength === 0) return { fault: 'an empty body instead of JSON' };
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

function explainMalformed(cause: unknown, length: number): string {
  // The parser's own message quotes the body; only which kind of fault it was is taken from it.
  const message = cause instanceof SyntaxError ? cause.message : '';
  if (message === '') return `a body of ${length} bytes that is not UTF-8`;
  const isCut = /end of JSON input|Unterminated|after property value|after array element/i.test(message);
  return `a body of ${length} bytes that is not well-formed JSON${isCut ? ': it ends in the middle' : ''}`;
}
