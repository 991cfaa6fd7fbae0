declare module 'dynalite' {
  import type { Server } from 'node:http';

  type DynaliteOptions = {
    /** A folder for LevelDB; in memory where left out. */
    readonly path?: string;
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
    readonly maxItemSizeKb?: number;
  };
  export default function dynalite(options?: DynaliteOptions): Server;
}
