import { createDigester, toHex } from '../../src/diff/digest.ts';
import { createDigestIndex, type DigestIndex } from '../../src/diff/digest-index.ts';
import { foldShard, layoutBits, type PairChange, recutShards } from '../../src/diff/index-shard.ts';
import { createProjection, projectionText } from '../../src/diff/projection.ts';
import { createProtector } from '../../src/diff/protect-user.ts';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import { connectionId } from '../../src/model/ids.ts';
import { type ComparePorts, createPageComparison } from '../../src/sweep/compare-pages.ts';
import { pairsPerShard } from '../../src/sweep/load-index.ts';
import { createStaging } from '../../src/sweep/staging.ts';
import type { RecordedList } from './record-list.ts';

const digester = createDigester('the digest key of a bench: 32 bytes or so');
const nothing = { redact: [], hash: [] };

/**
 * What a sweep computes of a list whose users are all known as they are: the production code from the answer's text to
 * the digest in the index. Answers how many users it saw.
 */
export async function prepareSweepWork(list: RecordedList): Promise<() => Promise<number>> {
  const { vendor, target } = list;
  const allowed = vendor.projectionFor?.(target.options) ?? vendor.projection;
  const projection = createProjection(allowed, [], (text) => toHex(digester.digest(text)));
  const pairOf = (user: ObservedUser): PairChange => ({
    keyHash: toHex(digester.keyHash(user.id)),
    digest: toHex(digester.digest(projectionText(user, projection))),
  });
  const pairs: PairChange[] = [];
  for await (const page of list.read()) pairs.push(...page.users.map(pairOf));
  const ports = comparePorts(indexOf(pairs), projection);
  return async () => {
    const comparison = createPageComparison(ports);
    for await (const page of list.read()) await comparison.add(page);
    return comparison.seen.distinct;
  };
}

function indexOf(pairs: readonly PairChange[]): DigestIndex {
  const bits = layoutBits(pairs.length, pairsPerShard);
  return createDigestIndex(recutShards([foldShard(new Uint8Array(), pairs)], bits), bits);
}

/** Nobody has changed, so nothing is read from a table and nothing staged: whoever tries ends the bench. */
function comparePorts(index: DigestIndex, projection: ComparePorts['context']['projection']): ComparePorts {
  const id = connectionId('bench');
  const refuse = async () => {
    throw new Error('a user of an unchanged list counts as changed');
  };
  const blobs = { readBlob: refuse, writeBlob: refuse, deleteBlobs: refuse, deleteBlobsBefore: refuse };
  const readEntries: ComparePorts['entries']['readEntries'] = async (_, keys) =>
    keys.length === 0 ? new Map() : refuse();
  return {
    connectionId: id,
    entries: { readEntries, readEntriesByKeyHash: refuse },
    index,
    context: {
      projection,
      digester,
      policy: { purpose: 'live', baseline: 'silent', sameDirectory: true },
      meaningsOf: () => undefined,
    },
    meanings: { learn: async () => undefined, of: () => undefined },
    protector: createProtector(nothing, ''),
    staging: createStaging({ blobs, connectionId: id, prefix: 'bench', protect: (transition) => transition }),
    hasTombstones: true,
    lastSeenAt: () => undefined,
  };
}
