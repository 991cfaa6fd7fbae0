import type { World } from '../world.ts';
import { batchesIn } from './log-watch.ts';
import { followRedactions } from './redactions.ts';

type Detail = {
  readonly metadata: { readonly connectionId: string; readonly userId?: string; readonly sequence: number };
  readonly data: { readonly user?: object; readonly changedFields?: readonly string[] };
};

/** No event without a cause: of a user that it tells of, the vendor has shown every value at some time before. */
export function watchCauses(world: World, complain: (fault: string) => void): void {
  const { onEntry, watch } = world;
  const redacted = followRedactions(world);
  onEntry.push(({ detailType, detail }) => {
    if (!detailType.startsWith('user.')) return;
    const { metadata, data } = JSON.parse(detail) as Detail;
    const { connectionId, userId = '' } = metadata;
    const shown = watch.shown(connectionId, userId);
    for (const [field, value] of Object.entries(data.user ?? {}))
      if (!isShown(shown, field, value))
        complain(
          `${detailType} of ${connectionId} ${userId} has a ${field} that nobody has shown: ${JSON.stringify(value)}`,
        );
    if (isEmptied(detailType, data) && !isRedacted(committedFields(world, metadata), redacted.get(connectionId)))
      complain(`${detailType} of ${connectionId} ${userId} changes nothing`);
  });
}

function isEmptied(detailType: string, { changedFields = [] }: Detail['data']): boolean {
  return /updated|status_changed/.test(detailType) && changedFields.length === 0;
}

/** Whether what was changed has been redacted since it was committed: the change is told all the same, for its sequence. */
function isRedacted(committed: readonly string[], redacted: ReadonlySet<string> = new Set()): boolean {
  return committed.length > 0 && committed.every((field) => redacted.has(field));
}

/** What the log says that an event changes. */
function committedFields(world: World, { connectionId, sequence }: Detail['metadata']): readonly string[] {
  return batchesIn(world)
    .filter((batch) => batch.connectionId === connectionId)
    .flatMap(({ transitions }) => transitions)
    .flatMap(({ change }) => (change?.sequence === sequence ? (change.diff?.changedFields ?? []) : []));
}

/** An object is kept field by field: what a vendor leaves out now and then stays. */
function isShown(shown: ReadonlyMap<string, ReadonlySet<string>>, field: string, value: unknown): boolean {
  const values = shown.get(field);
  if (values?.has(JSON.stringify(value)) === true) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const parts = [...(values ?? [])].map((text) => JSON.parse(text) as { readonly [part: string]: unknown });
  return Object.entries(value).every(([part, own]) =>
    parts.some((other) => JSON.stringify(other[part]) === JSON.stringify(own)),
  );
}
