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

declare module 'dynalite/db/index.js' {
  import type { AttributeValue, KeySchemaElement } from '@aws-sdk/client-dynamodb';

  const db: {
    /** Under which key the row of an item stands in an index with these keys. */
    createIndexKey(
      item: Readonly<Record<string, AttributeValue>>,
      table: { readonly KeySchema: unknown; readonly AttributeDefinitions: unknown },
      keySchema: readonly KeySchemaElement[],
    ): string;
  };
  export default db;
}
