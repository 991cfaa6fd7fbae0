import { dispatchDue } from '../src/sweep/dispatch-due.ts';
import type { DispatchPorts, DispatchReport } from '../src/sweep/dispatch-ports.ts';

export type DispatchDependencies = {
  readonly ports: DispatchPorts;
  readonly onDispatched: (report: DispatchReport) => void;
};

/** The dispatch function: once a minute, a message for every connection that is due. */
export function createDispatchHandler({ ports, onDispatched }: DispatchDependencies) {
  return async (): Promise<void> => onDispatched(await dispatchDue(ports));
}
