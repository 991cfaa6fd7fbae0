import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

/** A body that arrives in chunks. */
export type BodyStream = AsyncIterable<Uint8Array>;

export type BodyReading = { readonly bytes: Buffer } | { readonly fault: BodyFault };
export type BodyFault =
  | { readonly kind: 'cut_short'; readonly cause: unknown }
  | { readonly kind: 'too_large' | 'undecodable' | 'unknown_encoding' };

/** What the client accepts, in the form of the `Accept-Encoding` header. */
export const acceptedEncodings = 'gzip, deflate, br';

/**
 * Reads a body to its end and decompresses it. `maxBytes` bounds what arrives and, on its own, what comes out of the
 * decompression: a few kilobytes can unpack to gigabytes. After `too_large` the rest is left unread.
 */
export async function readBody(
  stream: BodyStream,
  encoding: string | undefined,
  maxBytes: number,
): Promise<BodyReading> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      length += chunk.byteLength;
      if (length > maxBytes) return { fault: { kind: 'too_large' } };
      chunks.push(chunk);
    }
  } catch (cause) {
    return { fault: { kind: 'cut_short', cause } };
  }
  return decompress(Buffer.concat(chunks, length), (encoding ?? '').trim().toLowerCase(), maxBytes);
}

async function decompress(packed: Buffer, encoding: string, maxOutputLength: number): Promise<BodyReading> {
  const unpack = unpackerOf(encoding, packed);
  if (unpack === 'none' || packed.byteLength === 0) return { bytes: packed };
  if (unpack === undefined) return { fault: { kind: 'unknown_encoding' } };
  try {
    return { bytes: await unpack(packed, { maxOutputLength }) };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') return { fault: { kind: 'too_large' } };
    return { fault: code === 'Z_BUF_ERROR' ? { kind: 'cut_short', cause } : { kind: 'undecodable' } };
  }
}

type Unpacker = (packed: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;
const gunzipAsync: Unpacker = promisify(gunzip);
const inflateAsync: Unpacker = promisify(inflate);
const inflateRawAsync: Unpacker = promisify(inflateRaw);
const brotliAsync: Unpacker = promisify(brotliDecompress);

function unpackerOf(encoding: string, packed: Buffer): Unpacker | 'none' | undefined {
  switch (encoding) {
    case '':
    case 'identity':
      return 'none';
    case 'gzip':
    case 'x-gzip':
      return gunzipAsync;
    case 'deflate':
      // RFC 9110 §8.4.1.2 means the zlib format, whose first byte ends in 8; some servers send the bare stream.
      return ((packed[0] ?? 0) & 0x0f) === 8 ? inflateAsync : inflateRawAsync;
    case 'br':
      return brotliAsync;
    default:
      return undefined;
  }
}
