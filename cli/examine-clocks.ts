import pMap from 'p-map';
import { request } from 'undici';
import { explainSkew, skewRemedy } from './clock-skew.ts';
import type { Feed } from './feed.ts';

type ClockFinding = {
  readonly kind: 'clock_skew' | 'vendor_unreachable';
  readonly message: string;
  readonly remedy: string;
};
type Clocks = Pick<Feed, 'runtime' | 'store' | 'nowMs' | 'connections'>;

const answerMs = 5_000;
const concurrency = 8;

/**
 * Compares the clock of a feed on this machine with those of its vendors: deltas ask for what changed since a time. No
 * credential is sent. The sweeps of a stack run elsewhere.
 */
export async function examineClocks(
  feed: Clocks,
  askTime: (origin: string) => Promise<string | undefined> = askVendor,
): Promise<readonly ClockFinding[]> {
  if (feed.runtime === 'deployed') return [];
  const found = await pMap(await originsOf(feed), (origin) => examineOne(feed, origin, askTime), { concurrency });
  return found.flat();
}

/** Plain http leads to this machine itself. */
async function originsOf({ store, connections }: Clocks): Promise<ReadonlySet<string>> {
  const read = await pMap(await connections(), (id) => store.readConnection(id).catch(() => undefined), {
    concurrency,
  });
  const origins = read.flatMap((one) => URL.parse(one?.baseUrl ?? '')?.origin ?? []);
  return new Set(origins.filter((origin) => origin.startsWith('https:')));
}

async function examineOne(
  { nowMs }: Clocks,
  origin: string,
  askTime: (origin: string) => Promise<string | undefined>,
): Promise<readonly ClockFinding[]> {
  try {
    const message = explainSkew(await askTime(origin), nowMs(), origin);
    return message === undefined ? [] : [{ kind: 'clock_skew', message, remedy: skewRemedy }];
  } catch {
    const remedy = 'check the address of its connections, the network, and whether a proxy stands in between';
    return [{ kind: 'vendor_unreachable', message: `${origin} does not answer from this machine`, remedy }];
  }
}

/** Any answer tells the time, a refusal as well. */
async function askVendor(origin: string): Promise<string | undefined> {
  const { headers, body } = await request(origin, { method: 'HEAD', signal: AbortSignal.timeout(answerMs) });
  await body.dump();
  return typeof headers.date === 'string' ? headers.date : undefined;
}
