import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { startEmbeddedTable } from '../../local/embedded-table.ts';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { readEvents, type UcfRun } from '../support/run-ucf.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, writeConnections } from '../support/simulated-account.ts';

/** A state folder, the vendors its connections are at, and the command line. */
export type UcfStory = {
  readonly state: string;
  /** Runs a command with `--state`. */
  run(...args: readonly string[]): Promise<UcfRun>;
  /** Runs `ucf dev --once` over all connections; `events` are those it has delivered. */
  runOnce(): Promise<UcfRun & { readonly events: readonly BusEvent[] }>;
  /** A connection file with other settings for every connection, beside the one that `runOnce` uses. */
  writeConfig(settings: Record<string, unknown>): Promise<string>;
  end(): Promise<void>;
};

export async function tellUcfStory(...accounts: readonly SimulatedAccount[]): Promise<UcfStory> {
  const folder = await mkdtemp(join(tmpdir(), 'ucf-story-'));
  const state = join(folder, 'state');
  const file = join(folder, 'events.jsonl');
  const env: Record<string, string> = {};
  for (const account of accounts) Object.assign(env, account.env);
  const config = await writeConnections(
    folder,
    accounts.map(({ connection }) => connection),
  );
  return {
    state,
    run: (...args) => runUcfHere([...args, '--state', state], env),
    async runOnce() {
      const before = (await readEvents(file)).length;
      const run = await runUcfHere(['dev', '--once', '--config', config, '--state', state, '--events', file], env);
      return { ...run, events: (await readEvents(file)).slice(before) };
    },
    async writeConfig(settings) {
      const other = await mkdtemp(join(folder, 'other-'));
      return writeConnections(
        other,
        accounts.map(({ connection }) => ({ ...connection, ...settings })),
      );
    },
    async end() {
      for (const { simulator } of accounts) await simulator.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Every item of a state folder's table, as text; what is packed in it is unpacked. */
export async function dumpTable(state: string): Promise<string> {
  const table = await startEmbeddedTable(state);
  const client = DynamoDBDocumentClient.from(table.client);
  const items: unknown[] = [];
  for await (const page of paginateScan({ client }, { TableName: table.tableName })) items.push(...(page.Items ?? []));
  await table.close();
  return items.map((item) => JSON.stringify(item, showBytes)).join('\n');
}

function showBytes(_: string, value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  const isPacked = value[0] === 0x1f && value[1] === 0x8b;
  return Buffer.from(isPacked ? gunzipSync(value) : value).toString('latin1');
}

/** The one JSON document that a command printed. */
export function printed<T>({ stdout }: UcfRun): T {
  return JSON.parse(stdout) as T;
}

/** What an event says, apart from the sweep that found it out and when that was. */
export function essence({ 'detail-type': type, detail }: BusEvent) {
  const { eventId, sequence, userId, revision, origin, reason } = detail.metadata as Record<string, unknown>;
  return {
    type,
    eventId,
    sequence,
    userId,
    revision,
    origin,
    code: (reason as { code: string })?.code,
    data: detail.data,
  };
}
