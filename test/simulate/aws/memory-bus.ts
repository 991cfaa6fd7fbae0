import { AwsFault } from '../aws-fault.ts';
import type { AwsService } from './aws-handler.ts';

/** An entry that the bus took. */
export type TakenEntry = { readonly detailType: string; readonly detail: string; readonly busName: string };

export type MemoryBusOptions = {
  readonly isMissing: () => boolean;
  /** Whether an entry is refused, one by one. */
  readonly refuses: () => boolean;
  readonly onEntry: (entry: TakenEntry) => void;
  /** An entry is gone, and nobody is told. */
  readonly onDropped: () => void;
};

type PutEntry = { readonly DetailType: string; readonly Detail: string; readonly EventBusName: string };

/** EventBridge: a bus that is missing takes everything and keeps nothing. */
export function createMemoryBus({ isMissing, refuses, onEntry, onDropped }: MemoryBusOptions): AwsService {
  let taken = 0;
  const put = ({ DetailType: detailType, Detail: detail, EventBusName: busName }: PutEntry) => {
    if (refuses()) return { ErrorCode: 'InternalFailure', ErrorMessage: 'try again' };
    taken += 1;
    if (isMissing()) onDropped();
    else onEntry({ detailType, detail, busName });
    return { EventId: `event-${taken}` };
  };
  return (operation, input: { readonly Name?: string; readonly Entries?: readonly PutEntry[] }) => {
    if (operation === 'DescribeEventBus') {
      if (isMissing()) throw new AwsFault('ResourceNotFoundException', 'Event bus does not exist.');
      return { Name: input.Name };
    }
    const Entries = (input.Entries ?? []).map(put);
    return { Entries, FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length };
  };
}
