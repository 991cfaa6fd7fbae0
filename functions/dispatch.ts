import { type DispatchPorts, dispatchDue } from '../src/sweep/dispatch-due.ts';

export type DispatchDependencies = {
  readonly ports: DispatchPorts;
  readonly onDispatched: (count: number) => void;
};

/** The dispatch function: once a minute, a message for every connection that is due. */
export function createDispatchHandler({ ports, onDispatched }: DispatchDependencies) {
  return async (): Promise<void> => onDispatched(await dispatchDue(ports));
}
