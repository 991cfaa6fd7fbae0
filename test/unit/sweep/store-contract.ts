import type { ConnectionId } from '../../../src/model/ids.ts';
import type { SweepStore } from '../../../src/sweep/ports.ts';
import { entryContract } from './store-contract-entries.ts';
import { indexContract } from './store-contract-index.ts';
import { leaseContract } from './store-contract-lease.ts';
import { logContract } from './store-contract-log.ts';
import { recordContract } from './store-contract-records.ts';
import { stateContract } from './store-contract-state.ts';

/** A store of which the contract is asked, and a connection that it knows and that nobody has swept. */
export type ContractSubject = {
  /** Where a case writes what was there before: the store itself, or the base that it reads through to. */
  readonly given: SweepStore;
  readonly store: SweepStore;
  readonly id: ConnectionId;
};

export type OpenSubject = () => Promise<ContractSubject>;

/** What every store of a sweep promises, whatever it is made of. Called within a `describe`. */
export function storeContract(open: OpenSubject): void {
  leaseContract(open);
  stateContract(open);
  logContract(open);
  entryContract(open);
  indexContract(open);
  recordContract(open);
}
