import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

const compressBytes = promisify(gzip);
const decompressBytes = promisify(gunzip);

export function compress(content: string | Uint8Array): Promise<Uint8Array> {
  return compressBytes(content);
}

/** What was compressed; undefined where a piece of it is missing or is not of it. */
export async function decompress(packed: Uint8Array): Promise<Buffer | undefined> {
  return decompressBytes(packed).catch(() => undefined);
}
