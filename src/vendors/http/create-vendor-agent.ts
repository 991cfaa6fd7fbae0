import { type LookupAddress, lookup as lookUpByDns } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { type ReachableNetworks, refuseAddress } from './address-refusal.ts';

/** All addresses of a host, as `dns.lookup` gives them. */
export type AddressLookup = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * The dispatcher for vendors. Addresses are judged when it connects, and it connects to those that were judged: a name
 * that led elsewhere when somebody looked before cannot lead to another address now.
 */
export function createVendorAgent(networks: ReachableNetworks, lookUp: AddressLookup = lookUpByDns): Agent {
  const connect = buildConnector({ lookup: judgedLookup(networks, lookUp) });
  return new Agent({
    connect(options, callback) {
      // An address in place of a name is not looked up.
      const refusal =
        isIP(options.hostname) === 0 ? undefined : refuseAddress(options.hostname, options.hostname, networks);
      if (refusal === undefined) connect(options, callback);
      else queueMicrotask(() => callback(refusal, null));
    },
  });
}

/** Leaves out what must not be reached. A name that leads nowhere else leads nowhere. */
function judgedLookup(networks: ReachableNetworks, lookUp: AddressLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, found = []) => {
      if (error !== null) return callback(error, '');
      const refusals = found.map(({ address }) => refuseAddress(address, hostname, networks));
      const [first, ...others] = found.filter((_, index) => refusals[index] === undefined);
      if (first === undefined) return callback(refusals[0] ?? new Error(`${hostname} has no address`), '');
      if (options.all === true) callback(null, [first, ...others]);
      else callback(null, first.address, first.family);
    });
  };
}
