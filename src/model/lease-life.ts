/** A lease that somebody took and has not given back. */
export type TakenLease = { readonly holder?: string | undefined; readonly expiresAtMs?: number | undefined };

/** Whether a lease of somebody else is over: with its time, or with the process that owned all state before this one. */
export function isLeaseDead(
  lease: TakenLease,
  ask: { readonly holder: string; readonly nowMs: number; readonly ownsAllLeases: boolean },
): boolean {
  if ((lease.expiresAtMs ?? 0) <= ask.nowMs) return true;
  return ask.ownsAllLeases && ownerOf(lease.holder) !== ownerOf(ask.holder);
}

/** A holder is `<process>/<invocation>`: all leases of one process are alive as long as it is. */
function ownerOf(holder: string | undefined): string | undefined {
  return holder?.split('/', 1)[0];
}
