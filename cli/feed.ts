import type { RuntimeOptions } from '../local/start-runtime.ts';
import type { Runtime } from '../src/config/secret-reference.ts';
import type { Protector } from '../src/diff/protect-user.ts';
import type { Connection } from '../src/model/connection.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import type { SweepMode } from '../src/model/log-batch.ts';
import type { FeedStore } from '../src/store/create-store.ts';
import type { EpochGuard } from '../src/sweep/epoch-guard.ts';
import type { TickResult } from '../src/sweep/tick.ts';
import type { BusOpening } from './open-bus.ts';
import type { VendorReach } from './reach-vendor.ts';
import type { StackExamination } from './stack-finding.ts';

/** A feed as operators look at it, wherever it runs. */
export type Feed = {
  readonly store: FeedStore;
  readonly nowMs: () => number;
  /** What is kept outside the table, so that one that was restored from a backup is noticed. */
  readonly mark: Pick<EpochGuard, 'read' | 'recover'>;
  /** Where its sweeps run: on this machine, or in the functions of a stack. */
  readonly runtime: Runtime;
  /** Whether its sweeps reach vendors over https only, even on loopback. */
  readonly refusesLoopback: boolean;
  /** Whether its sweeps reach no vendor at a private address. */
  readonly refusesPrivate: boolean;
  /** All connections there are, by id; removed ones are none. */
  connections(): Promise<readonly ConnectionId[]>;
  /** By a connection's present settings. */
  protectorOf(id: ConnectionId): Promise<Protector>;
  /** How vendors are asked from this machine, with its rights. */
  readonly reach: Pick<VendorReach, 'locate' | 'resolveCredentials'>;
  /** The bus that its events go to. @throws config.invalid */
  readonly openBus: BusOpening;
  /** Looks at what only a deployed stack has; left out for a state folder. */
  readonly examine?: () => Promise<StackExamination>;
  close(): Promise<void>;
};

/** A feed that can be asked to sweep and publish. */
export type RunningFeed = Feed & {
  /** Saves a connection where it is not saved like this; one that was removed is back. */
  save(connection: Connection): Promise<void>;
  /** Sweeps, due or not, and publishes to the end of the sweep. */
  sweepNow(id: ConnectionId, mode?: SweepMode): Promise<TickResult | undefined>;
};

/** Hears what a running feed does. */
export type FeedListener = Pick<RuntimeOptions, 'onEvent' | 'onFault'> & {
  /** A tick is over, its sweep is not. */
  readonly onSuspended?: (pages: number) => void;
  /** A page of a list was read; only where sweeps run on this machine. */
  readonly onPage?: (users: number) => void;
};

/** Uses a feed and closes it, whatever happens. */
export async function withFeed<F extends Feed, T>(opening: Promise<F>, use: (feed: F) => Promise<T>): Promise<T> {
  const feed = await opening;
  try {
    return await use(feed);
  } finally {
    await feed.close();
  }
}
