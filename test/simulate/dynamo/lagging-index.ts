import type { Attributes } from './attribute-value.ts';
import type { MemoryTable, TableWrite } from './memory-table.ts';

/** What the table's indexes are made of: its items as they were a while ago. */
export type LaggingIndex = {
  note(write: TableWrite): void;
  items(): Iterable<Attributes>;
  /** Forgets what it was made of: the table is another one. */
  rebuild(table: MemoryTable): void;
};

export type LaggingIndexOptions = {
  readonly nowMs: () => number;
  readonly lagMs: number;
  /** Called when something is asked that the index does not know yet. */
  readonly onBehind: () => void;
};

export function createLaggingIndex({ nowMs, lagMs, onBehind }: LaggingIndexOptions): LaggingIndex {
  const known = new Map<string, Attributes>();
  let waiting: { readonly atMs: number; readonly write: TableWrite }[] = [];
  const apply = ({ key: { pk, sk }, after }: TableWrite) => {
    if (after?.due === undefined && after?.watch === undefined) known.delete(`${pk} ${sk}`);
    else known.set(`${pk} ${sk}`, after);
  };
  return {
    note(write) {
      const isIndexed = [write.before, write.after].some(
        (item) => item?.due !== undefined || item?.watch !== undefined,
      );
      if (isIndexed) waiting.push({ atMs: nowMs() + lagMs, write });
    },
    items() {
      const arrived = waiting.filter(({ atMs }) => atMs <= nowMs());
      for (const { write } of arrived) apply(write);
      waiting = waiting.slice(arrived.length);
      if (waiting.length > 0) onBehind();
      return known.values();
    },
    rebuild(table) {
      waiting = [];
      known.clear();
      for (const after of table.items()) {
        const key = { pk: after.pk?.S ?? '', sk: after.sk?.S ?? '' };
        apply({ key, before: undefined, after });
      }
    },
  };
}
