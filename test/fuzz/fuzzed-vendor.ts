import { openUserList } from '../../functions/open-user-list.ts';
import { createSimulatedDirectory } from '../../local/simulators/create-simulated-directory.ts';
import type { Answer, Ask } from '../../local/simulators/simulated-vendor.ts';
import { findSimulatedVendor, type SimulatedVendorName } from '../../local/simulators/simulated-vendors.ts';
import type { Simulator } from '../../local/simulators/start-simulator.ts';
import { createTraps } from '../../local/simulators/traps.ts';
import { parseConnectionFile } from '../../src/config/connection-file.ts';
import { connectionId } from '../../src/model/ids.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { createHttpClient } from '../../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../../src/vendors/http/create-token-cache.ts';
import { createSessionCookies } from '../../src/vendors/http/session-cookies.ts';
import { findVendor } from '../../src/vendors/registry.ts';
import type { Vendor, VendorIo, VendorTarget } from '../../src/vendors/vendor.ts';
import { vendorFacts } from '../conformance/vendor-facts.ts';
import { type CannedAnswer, createCannedDispatcher } from './canned-dispatcher.ts';
import { Broken } from './fuzz-target.ts';
import { credentialMark, personMark } from './oracles.ts';

/** A vendor of the registry over answers in this process, at a time of its own. */
export type FuzzedVendor = {
  readonly vendor: Vendor;
  /** The vendor as its simulator has it, with the mark in every person. */
  readonly simulated: (ask: Ask) => Answer;
  /** Credentials that the simulator accepts, for asking it; else those with the mark. */
  open(answerTo: (ask: Ask) => CannedAnswer, isForSimulator?: boolean): OpenedVendor;
};

export type OpenedVendor = { readonly list: UserList; readonly target: VendorTarget<unknown>; readonly io: VendorIo };

const origin = 'https://vendor.example';
const pageSize = 3;
const people = 5;
const startMs = Date.UTC(2026, 10, 23);

export function createFuzzedVendor(name: SimulatedVendorName): FuzzedVendor {
  const vendor = findVendor(name);
  const facts = vendorFacts[name];
  if (vendor === undefined || facts === undefined) throw new Error(`there is no vendor ${name}`);
  const { credentials, basePath } = findSimulatedVendor(name);
  const names = facts.credentials;
  const options = facts.options({ credentials } as unknown as Simulator, pageSize);
  const connection = {
    id: `fuzz-${name}`,
    vendor: name,
    baseUrl: origin + basePath,
    credentials: Object.fromEntries(names.map((one) => [one, { env: 'FUZZ' }])),
    options,
  };
  const text = JSON.stringify({ connections: [connection] });
  const [parsed] = parseConnectionFile(text, { vendors: [vendor], runtime: 'embedded', fileName: 'fuzz' }).connections;
  if (parsed === undefined) throw new Error('no connection');
  const marked = Object.fromEntries(names.map((one) => [one, credentialMark]));
  return {
    vendor,
    simulated: createSite(name),
    open(answerTo, isForSimulator = false) {
      const secrets = isForSimulator ? credentials : marked;
      const io = openIo(answerTo);
      const list = openUserList(parsed, { findVendor: () => vendor, io, resolveCredentials: async () => secrets });
      const target = {
        connectionId: connectionId(connection.id),
        baseUrl: parsed.baseUrl,
        credentials: secrets,
        options: parsed.options,
      };
      return { list, target, io };
    },
  };
}

/** Waiting takes no time, and every request has to go where the connection says. */
function openIo(answerTo: (ask: Ask) => CannedAnswer): VendorIo {
  let clockMs = startMs;
  const nowMs = () => clockMs;
  const dispatcher = createCannedDispatcher((ask) => {
    if (ask.url.origin !== origin) throw new Broken('asked_elsewhere', `a request goes to ${ask.url.origin}`);
    return answerTo(ask);
  });
  const sleep = async (ms: number) => {
    if (!(ms >= 0 && ms <= 86_400_000)) throw new Broken('wait', `a wait of ${ms} ms`);
    clockMs += ms;
  };
  return {
    http: createHttpClient({ dispatcher, nowMs, sleep, random: () => 0.5 }),
    tokens: createTokenCache(nowMs),
    sessions: createSessionCookies(),
  };
}

function createSite(name: SimulatedVendorName): (ask: Ask) => Answer {
  const simulated = findSimulatedVendor(name);
  const nowMs = () => startMs;
  const directory = createSimulatedDirectory({ vendor: name, seed: 'fuzz', size: people, nowMs });
  for (const { id } of directory.people()) {
    const mark = { givenName: personMark, familyName: personMark, userName: `${personMark}.${id}` };
    directory.change(id, { ...mark, email: `${personMark}.${id}@people.example` });
  }
  const server = simulated.open({ directory, traps: createTraps(simulated.traps), nowMs });
  return (ask) => {
    const aim = server.aim(ask);
    if (aim === null) return server.fault(404);
    return (aim.spot.on === 'token' ? null : server.refuse(ask)) ?? aim.answer();
  };
}
