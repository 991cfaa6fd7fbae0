import { isFeedError } from '../src/model/feed-error.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import type { DispatchReport } from '../src/sweep/dispatch-ports.ts';
import type { Observing } from './observe-sweep.ts';

export type DispatchObserver = {
  onDispatched(report: DispatchReport): void;
  onFault(id: ConnectionId | undefined, error: unknown): void;
  /** The faults of asking for every bus. */
  onBusesChecked(faults: readonly unknown[]): void;
};

/** What an operator can see of dispatching, and of the health of all connections. */
export function createDispatchObserver({ log, metrics }: Omit<Observing, 'nowMs'>): DispatchObserver {
  return {
    onDispatched(report) {
      const { due, failing, stale, oldestCompleteSeconds } = report;
      metrics.record({
        DueConnections: due,
        FailingConnections: failing,
        StaleConnections: stale,
        ...(oldestCompleteSeconds !== undefined && { OldestCompleteSweepSeconds: oldestCompleteSeconds }),
      });
      log.debug('dispatched', { ...report });
    },
    onFault(connectionId, error) {
      const isPublishing = isFeedError(error) && error.code.startsWith('publish.');
      if (isPublishing) metrics.record({ PublishFailures: 1 });
      log.fault('dispatching failed', error, { ...(connectionId !== undefined && { connectionId }) });
    },
    onBusesChecked(faults) {
      const missing = faults.filter((fault) => isFeedError(fault, 'publish.bus_missing'));
      metrics.record({ BusMissing: missing.length });
      for (const fault of faults) log.fault('a bus is not there', fault);
    },
  };
}
