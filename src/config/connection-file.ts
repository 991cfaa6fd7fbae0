import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import type { Connection } from '../model/connection.ts';
import type { Fault } from '../model/feed-error.ts';
import { invalidConfig } from './config-error.ts';
import { explainFileFailure } from './file-failure.ts';
import { type JsonFault, scanJson } from './json-text.ts';
import { type ConnectionRules, createConnectionReader } from './read-connection.ts';
import { readWithSchema } from './read-with-schema.ts';

export type ConnectionFile = { readonly connections: readonly Connection[] };

/** More are a mistake, or a reason for a second deployment. */
export const maxConnections = 10_000;

/** The whole file, its entries still unread. */
export const connectionFileFields = {
  $schema: z.optional(z.string()),
  connections: z.array(z.unknown()).check(z.minLength(1), z.maxLength(maxConnections)),
};
const connectionFile = z.strictObject(connectionFileFields);

/**
 * The connections of a file, validated and with every default filled in.
 * @throws config.invalid with all faults of the file
 */
export async function readConnectionFile(
  path: string,
  rules: Omit<ConnectionRules, 'fileName'>,
): Promise<ConnectionFile> {
  const text = await readText(path);
  return parseConnectionFile(text, { ...rules, fileName: path });
}

async function readText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw invalidConfig(path, [{ path, message: explainFileFailure(cause) }], { cause });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalidConfig(path, [{ path, message: 'it is not UTF-8: save it in that encoding' }], { cause });
  }
}

/**
 * The connections of a file's text, validated and with every default filled in.
 * @throws config.invalid with all faults of the text
 */
export function parseConnectionFile(text: string, rules: ConnectionRules): ConnectionFile {
  const { fileName } = rules;
  const source = text.replace(/^\uFEFF/, '');
  const { broken, repeatedKeys } = scanJson(source);
  if (broken !== undefined) throw invalidConfig(fileName, [toFault(fileName, broken)]);

  const read = readEntries(JSON.parse(source), rules);
  const faults = [...repeatedKeys.map((fault) => toFault(fileName, fault)), ...read.faults];
  if (faults.length > 0) throw invalidConfig(fileName, faults);
  return { connections: read.connections };
}

function toFault(path: string, { line, column, reason }: JsonFault): Fault {
  return { path, message: `line ${line}, column ${column}: ${reason}` };
}

function readEntries(file: unknown, rules: ConnectionRules): { connections: Connection[]; faults: Fault[] } {
  const outline = readWithSchema(connectionFile, file, '');
  const faults: Fault[] =
    'faults' in outline ? outline.faults.map((fault) => ({ ...fault, path: fault.path || rules.fileName })) : [];
  const entries = listEntries(file);
  const readConnection = createConnectionReader(rules);
  const connections: Connection[] = [];
  entries.forEach((entry, index) => {
    const read = readConnection(entry, `connections[${index}]`);
    if ('faults' in read) faults.push(...read.faults);
    else connections.push(read.connection);
  });
  return { connections, faults: [...faults, ...findRepeatedIds(entries)] };
}

function listEntries(file: unknown): readonly unknown[] {
  const entries = typeof file === 'object' && file !== null && 'connections' in file ? file.connections : undefined;
  return Array.isArray(entries) ? entries : [];
}

function findRepeatedIds(entries: readonly unknown[]): Fault[] {
  const places = new Map<unknown, string>();
  return entries.flatMap((entry, index) => {
    const id = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined;
    if (typeof id !== 'string') return [];
    const place = `connections[${index}].id`;
    const first = places.get(id);
    if (first === undefined) places.set(id, place);
    const message = `"${id}" is also ${first}: give each connection an id of its own`;
    return first === undefined ? [] : [{ path: place, message }];
  });
}
