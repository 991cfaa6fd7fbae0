import { type AddressKind, kindOfAddress } from './address-kind.ts';

/** Which addresses a vendor may have, beside public ones. Where clouds keep credentials, no vendor is, whatever is set. */
export type ReachableNetworks = { readonly loopback: boolean; readonly private: boolean };

/** Those of one's own machine, where simulators and vendors in one's own network are. */
export const ownNetworks: ReachableNetworks = { loopback: true, private: true };

const code = 'ERR_ADDRESS_REFUSED';

// The address itself is not shown: whoever may name a host must not learn what it resolves to inside.
const reasons: { readonly [Kind in Exclude<AddressKind, 'public'>]: string } = {
  forbidden: 'to an address where no vendor is (link-local, cloud metadata or reserved): correct it, or its DNS entry',
  loopback: "to loopback, which is the sweep function's own machine: set the address at which others reach the vendor",
  private: 'to a private address: set allowPrivateVendors for the stack if its sweep function is in the same network',
};

/** Why this address of a host must not be connected to, or undefined where it may be. */
export function refuseAddress(address: string, hostname: string, networks: ReachableNetworks): Error | undefined {
  const kind = kindOfAddress(address);
  if (kind === 'public' || (kind !== 'forbidden' && networks[kind])) return undefined;
  return Object.assign(new Error(`${hostname} leads ${reasons[kind]}`), { code });
}

/** The reason, if that is why undici could not connect. */
export function readAddressRefusal(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code ? thrown.message : undefined;
}
