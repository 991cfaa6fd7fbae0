import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { comesFromPage } from './comes-from-page.ts';
import { respond, simulatorFault } from './respond.ts';
import type { SimulatedDirectory } from './simulated-directory.ts';
import { findSimulatedVendor, type SimulatedVendorName } from './simulated-vendors.ts';
import type { Stage } from './stage.ts';
import { createTraps, type Traps } from './traps.ts';

export type SimulatorOptions = {
  readonly vendor: SimulatedVendorName;
  readonly directory: SimulatedDirectory;
  /** Wished for; if it is taken another one is found. */
  readonly port?: number | undefined;
  /** A loopback address. */
  readonly host?: '127.0.0.1' | '::1' | 'localhost' | undefined;
  readonly nowMs: () => number;
};

/** A vendor that is up, on loopback. */
export type Simulator = {
  readonly vendor: SimulatedVendorName;
  readonly port: number;
  /** The origin. */
  readonly url: string;
  /** What a connection to this vendor has as `baseUrl`. */
  readonly baseUrl: string;
  /** What the vendor accepts, by the names a connection uses. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly traps: Traps;
  readonly directory: SimulatedDirectory;
  /** How many requests the vendor has got so far, without those for control. */
  readonly requests: number;
  /** Requests that followed a redirect away, and those among them that brought credentials along. */
  readonly elsewhere: { readonly requests: number; readonly withCredentials: number };
  /** Breaks what is still open, such as hanging requests. */
  close(): Promise<void>;
};

const loopback = ['127.0.0.1', '::1', 'localhost'];

/** Starts one vendor over a directory. @throws for a host that is not loopback, and for another vendor's directory. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { vendor, directory, nowMs, port = 0, host = '127.0.0.1' } = options;
  if (!loopback.includes(host)) throw new Error(`a simulator listens on loopback only, not on ${host}`);
  if (directory.vendor !== vendor) throw new Error(`this directory is ${directory.vendor}'s, not ${vendor}'s`);
  const simulated = findSimulatedVendor(vendor);
  const traps = createTraps(simulated.traps);
  const world = { directory, traps, nowMs };
  const counts = { requests: 0, elsewhere: 0, elsewhereWithCredentials: 0 };
  const closing = new AbortController();
  let url = '';
  const server = createServer();
  serve(server, { world, server: simulated.open(world), origin: () => url, counts, closing: closing.signal });
  const listening = await listen(server, port, host);
  url = `http://${host.includes(':') ? `[${host}]` : host}:${listening}`;
  return {
    vendor,
    port: listening,
    url,
    baseUrl: url + simulated.basePath,
    credentials: simulated.credentials,
    traps,
    directory,
    get requests() {
      return counts.requests;
    },
    get elsewhere() {
      return { requests: counts.elsewhere, withCredentials: counts.elsewhereWithCredentials };
    },
    close: () => {
      closing.abort();
      return stop(server);
    },
  };
}

function serve(server: Server, stage: Stage): void {
  server.on('request', (request, response) => {
    if (comesFromPage(request)) return void response.writeHead(403).end();
    respond(request, response, stage).catch((error: unknown) => {
      if (response.headersSent || stage.closing.aborted) response.destroy();
      else response.writeHead(500, { 'content-type': 'application/json' }).end(simulatorFault(error).body);
    });
  });
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  try {
    return await listenOn(server, port, host);
  } catch (error) {
    const isRefused = ['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (port === 0 || !isRefused) throw error;
    return listenOn(server, 0, host);
  }
}

function listenOn(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Its only error is that the server is down already.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
