import type { World } from '../world.ts';

type Detail = {
  readonly metadata: { readonly connectionId: string; readonly userId?: string };
  readonly data: { readonly user?: object; readonly changedFields?: readonly string[] };
};

/** No event without a cause: of a user that it tells of, the vendor has shown every value at some time before. */
export function watchCauses({ onEntry, watch }: World, complain: (fault: string) => void): void {
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
    const isChange = detailType === 'user.updated' || detailType === 'user.status_changed';
    if (isChange && data.changedFields?.length === 0)
      complain(`${detailType} of ${connectionId} ${userId} changes nothing`);
  });
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
