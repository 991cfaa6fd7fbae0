import { hash } from 'node:crypto';

/** Bytes of a key hash and of a digest. */
export const digestBytes = 8;

/** The digest of a pair whose key hash two users share: their entries are read every time. */
export const sharedKeyDigest = '0'.repeat(digestBytes * 2);

/**
 * Keyed digests of one connection. The key keeps the index from being a rainbow table of addresses, and two
 * connections with the same users from looking alike.
 */
export type Digester = {
  /** Where a user stands in the index: the first 8 bytes of the keyed SHA-256 of his id. */
  keyHash(userId: string): Uint8Array;
  /** What a user's projection was: the first 8 bytes of the keyed SHA-256 of its text. */
  digest(projectionText: string): Uint8Array;
};

/** The digester of a connection's key, a text of at least 16 random bytes. */
export function createDigester(key: string): Digester {
  return {
    keyHash: (userId) => first8(`${key}\nid\n${userId}`),
    digest: (projectionText) => first8(`${key}\nprojection\n${projectionText}`),
  };
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

export function fromHex(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex');
}

function first8(text: string): Uint8Array {
  return hash('sha256', text, 'buffer').subarray(0, digestBytes);
}
