/** A fault that the simulation has to find: a piece of the source, and what stands there instead. */
export type PlantedFault = {
  readonly name: string;
  /** Whoever has to complain of it, as the files of `test/simulate/oracles` are named. */
  readonly oracle: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
};

/** What stays as it was, with the condition that it had. */
const never = 'Math.PI < 3';

export const plantedFaults: readonly PlantedFault[] = [
  {
    name: 'a tick does not roll the log forward',
    oracle: 'convergence',
    file: 'src/sweep/take-lease.ts',
    from: 'let state = await applyTail(ports, held.lease.connectionId, held);',
    to: `let state = held.state;\n  if (${never}) await applyTail(ports, held.lease.connectionId, held);`,
  },
  {
    name: '`published` moves before the events are on the bus',
    oracle: 'deliveries',
    file: 'src/publish/publish-log.ts',
    from: 'await bus.putEntries(composeEvents(protector.protectBatch(batch)).map(toBusEntry), batch.tenantId);',
    to: `await store.advancePublished(batch.connectionId, batch.position);
  await bus.putEntries(composeEvents(protector.protectBatch(batch)).map(toBusEntry), batch.tenantId);`,
  },
  {
    name: 'entries that the bus refused are not sent again',
    oracle: 'deliveries',
    file: 'src/publish/event-bridge-bus.ts',
    from: 'rest = rest.filter((_, at) => isRefused(results[at]));',
    to: 'rest = [];',
  },
  {
    name: 'entries are taken in the order they were asked for',
    oracle: 'sequences',
    file: 'src/store/entry-store.ts',
    from: 'return new Map(items.map(readEntryItem).map((entry) => [entry.userId, entry]));',
    to: 'return new Map(items.map(readEntryItem).map((entry, at) => [keys[at]?.userId ?? entry.userId, entry]));',
  },
  {
    name: 'a missing status is taken for an active one',
    oracle: 'causes',
    file: 'src/diff/accept-user.ts',
    from: "status: observed.status ?? 'unknown' };",
    to: "status: observed.status ?? 'active' };",
  },
  {
    name: 'one absence is enough',
    oracle: 'deletions',
    file: 'src/sweep/take-stock.ts',
    from: 'user.missedSweeps >= sweep.list.deletion.confirmSweeps || probed',
    to: 'user.missedSweeps >= 1 || probed',
  },
  {
    name: 'what a vendor says against its own list is ignored',
    oracle: 'deletions',
    file: 'src/diff/completeness.ts',
    from: "['vetoed', evidence.vetoes.length > 0]",
    to: "['vetoed', false]",
  },
  {
    name: 'a row without an id denies nothing',
    oracle: 'deletions',
    file: 'src/diff/completeness.ts',
    from: "['row_without_id', evidence.rejectedWithoutId > 0]",
    to: "['row_without_id', false]",
  },
  {
    name: 'a total that does not fit denies nothing',
    oracle: 'deletions',
    file: 'src/diff/completeness.ts',
    from: "['total_moved', evidence.totalMoved],\n    ['total_differs', totalDiffers(evidence)],",
    to: "['total_moved', false],\n    ['total_differs', false],",
  },
  {
    name: 'the sequence of a batch goes on from the state',
    oracle: 'sequences',
    file: 'src/sweep/commit-sweep.ts',
    from: "let sequence = 'lastSequence' in after ? after.lastSequence : after.sequence;",
    to: 'let sequence = held.state.sequence;',
  },
  {
    name: 'event ids without the epoch',
    oracle: 'event contents',
    file: 'src/events/event-id.ts',
    from: `return v5(\`\${connectionId}/\${epoch}/\${sequence}\`, namespace);`,
    to: `return v5(\`\${connectionId}/\${epoch > 0}/\${sequence}\`, namespace);`,
  },
  {
    name: 'a batch is appended without a condition',
    oracle: 'leases',
    file: 'src/store/log-store.ts',
    from: "if (await table.put(item, isNotThere)) return 'appended';",
    to: "if (await table.put(item)) return 'appended';",
  },
  {
    name: 'a lease that was taken over begins without a fence',
    oracle: 'leases',
    file: 'src/sweep/take-lease.ts',
    from: '  if (!tookOver) return state;',
    to: '  return state;',
  },
  {
    name: 'a shard is written whatever it holds by now',
    oracle: 'forward',
    file: 'src/store/index-store.ts',
    from: 'if (await table.put(item, isUnchanged(shard))) return;',
    to: 'if (await table.put(item)) return;',
  },
  {
    name: 'a lost shard is not noticed',
    oracle: 'sequences',
    file: 'src/sweep/load-index.ts',
    from: '  if (pairCount === state.counts.pairs) return {',
    to: '  if (pairCount <= state.counts.pairs) return {',
  },
  {
    name: 'an entry is written over a newer one',
    oracle: 'forward',
    file: 'src/store/entry-store.ts',
    from: "          expression: 'attribute_not_exists(pk) OR revision < :revision',",
    to: "          expression: 'attribute_not_exists(pk) OR revision <> :revision',",
  },
  {
    name: '`published` falls back',
    oracle: 'forward',
    file: 'src/store/published-store.ts',
    from: 'await table.put(item, {',
    to: `await table.put(item, !(${never}) ? undefined : {`,
  },
  {
    name: 'a hold that nobody has decided lets its members pass',
    oracle: 'holds',
    file: 'src/diff/judge-change.ts',
    from: '  if (decision === undefined || !isDecisive) return',
    to: '  if (decision === undefined) return undefined;\n  if (!isDecisive) return',
  },
  {
    name: 'what is rejected is published',
    oracle: 'holds',
    file: 'src/diff/judge-change.ts',
    from: "decision.verdict === 'approved' ? releasedFrom(transition, holdId) : silently(transition)",
    to: "decision.verdict === 'approved' ? releasedFrom(transition, holdId) : transition",
  },
  {
    name: 'a restored table is taken for the one that is known',
    oracle: 'restores',
    file: 'src/sweep/restore-guard.ts',
    from: 'if (tables.length > 0 && !tables.includes(table))',
    to: `if (${never})`,
  },
];
