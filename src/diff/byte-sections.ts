import { readUint32 } from './index-shard.ts';

/** A part of packed bytes that writes itself to the beginning of its place. */
export type ByteSection = { readonly length: number; writeTo(place: Uint8Array): void };

/** A section of bytes that are there already. */
export function sectionOf(bytes: Uint8Array): ByteSection {
  return { length: bytes.length, writeTo: (place) => place.set(bytes) };
}

const lengthBytes = 4;

/** Sections one after the other: a byte of layout version, then every section behind its length in 4 bytes. */
export function packSections(version: number, sections: readonly ByteSection[]): Uint8Array {
  const packed = new Uint8Array(sections.reduce((total, { length }) => total + lengthBytes + length, 1));
  const view = new DataView(packed.buffer);
  packed[0] = version;
  let at = 1;
  for (const section of sections) {
    view.setUint32(at, section.length);
    at += lengthBytes;
    section.writeTo(packed.subarray(at, at + section.length));
    at += section.length;
  }
  return packed;
}

/**
 * Views of as many sections as there must be.
 * @throws TypeError where the bytes are of another version, end too early or too late
 */
export function unpackSections(
  bytes: Uint8Array,
  { version, count, what }: { readonly version: number; readonly count: number; readonly what: string },
): readonly Uint8Array[] {
  if (bytes[0] !== version)
    throw new TypeError(`${what} is of layout version ${bytes[0] ?? 'none'}, expected ${version}`);
  const sections: Uint8Array[] = [];
  let at = 1;
  while (sections.length < count) {
    const start = at + lengthBytes;
    at = start + readUint32(bytes, at);
    if (start > bytes.length || at > bytes.length)
      throw new TypeError(`${what} ends after ${bytes.length} bytes, inside its section ${sections.length + 1}`);
    sections.push(bytes.subarray(start, at));
  }
  if (at !== bytes.length) throw new TypeError(`${what} has ${bytes.length} bytes, expected ${at}`);
  return sections;
}
