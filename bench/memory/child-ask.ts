import type { Connection } from '../../src/model/connection.ts';

/** What a measured process is told, as its one argument. */
export type ChildAsk = {
  readonly endpoint: string;
  readonly tableName: string;
  readonly apiKey: string;
  readonly connection: Connection;
};

/** What it prints when it is done. In bytes. */
export type ChildMemory = {
  /** Resident, once everything is loaded and nothing asked for. */
  readonly idle: number;
  /** The most that was resident since the process began. */
  readonly peak: number;
  /** The most that the heap held, garbage included, without what it held when idle. */
  readonly heap: number;
  readonly users: number;
  readonly changes: number;
};
