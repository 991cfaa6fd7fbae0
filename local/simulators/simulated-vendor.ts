import type { IncomingHttpHeaders } from 'node:http';
import type { SimulatedDirectory } from './simulated-directory.ts';
import type { Dialect } from './simulated-person.ts';
import type { TrapName } from './trap-settings.ts';
import type { Spot, Traps } from './traps.ts';

/** A request as a vendor sees it. */
export type Ask = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** What a vendor answers, before anything happens to it on the way. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** One object of a list, as the vendor writes it. */
export type WireRow = Record<string, unknown>;

export type World = {
  readonly directory: SimulatedDirectory;
  readonly traps: Traps;
  readonly nowMs: () => number;
};

/** A request that the vendor has an endpoint for. */
export type Aim = { readonly spot: Spot; readonly answer: () => Answer };

/** A vendor's server while it is up. */
export type VendorServer = {
  /** Null where there is no such endpoint. */
  aim(ask: Ask): Aim | null;
  /** The vendor's answer to missing or wrong credentials, or null. Not asked for token requests. */
  refuse(ask: Ask): Answer | null;
  /** The vendor's error shape for a status. */
  fault(status: number): Answer;
};

/** All that a further vendor has to write, in a folder of its own and one line of `simulated-vendors.ts`. */
export type SimulatedVendor = {
  readonly dialect: Dialect;
  /** What stands in a connection's `baseUrl` after the origin. */
  readonly basePath: string;
  /** The credentials and settings that this vendor accepts, by the names a connection uses. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly traps: readonly TrapName[];
  open(world: World): VendorServer;
};

export function jsonAnswer(
  status: number,
  body: unknown,
  { contentType = 'application/json', headers = {} }: { contentType?: string; headers?: Record<string, string> } = {},
): Answer {
  return { status, headers: { 'content-type': contentType, ...headers }, body: JSON.stringify(body) };
}
