import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { type SimulatedVendorName, simulatedVendors } from '../../../local/simulators/simulated-vendors.ts';
import { cursor } from '../../../src/model/ids.ts';
import { readInstant } from '../../../src/model/instant.ts';
import type { Json } from '../../../src/model/json.ts';
import { readLinks } from '../../../src/vendors/http/link-header.ts';
import { readRetryAfterMs } from '../../../src/vendors/http/retry-after.ts';
import type { CannedAnswer } from '../canned-dispatcher.ts';
import { Broken, type FuzzOutcome, type FuzzTarget } from '../fuzz-target.ts';
import { createFuzzedVendor } from '../fuzzed-vendor.ts';
import { judgePage } from '../judge-page.ts';
import { takeRefusal } from '../oracles.ts';
import { toHeaders } from '../to-headers.ts';

const names = Object.keys(simulatedVendors) as SimulatedVendorName[];
const farMs = Date.UTC(2027, 0, 1);
const nowMs = Date.UTC(2026, 10, 23);
const packers = {
  none: (bytes: Buffer) => bytes,
  gzip: (bytes: Buffer) => gzipSync(bytes),
  deflate: (bytes: Buffer) => deflateSync(bytes),
  raw: (bytes: Buffer) => deflateRawSync(bytes),
  br: (bytes: Buffer) => brotliCompressSync(bytes),
};

const whole = z.int().check(z.minimum(0), z.maximum(100_000));
const inputShape = z.looseObject({
  vendor: z.catch(z.enum(names), 'delay'),
  status: z.catch(z.int().check(z.minimum(200), z.maximum(599)), 200),
  headers: z.catch(z.record(z.string(), z.unknown()), {}),
  /** How the body is packed, whatever the headers say, and how many bytes are cut off its end. */
  packed: z.catch(z.enum(Object.keys(packers) as (keyof typeof packers)[]), 'none'),
  cut: z.catch(whole, 0),
});

const usual = { 'content-type': 'application/json' };
const inputs: readonly Json[] = [
  { vendor: 'delay', headers: { ...usual, link: '<https://vendor.example/v1/users?page=2>; rel="next"' } },
  {
    vendor: 'delay',
    headers: { ...usual, link: ['<https://elsewhere.example/?page=2>; rel=next', '<a>; rel="prev last"'] },
  },
  { vendor: 'yuuvis', headers: { ...usual, 'set-cookie': ['SESSION=abc; Path=/; HttpOnly', 'b=c; Max-Age=0'] } },
  {
    vendor: 'openproject',
    headers: { 'content-type': 'application/hal+json; charset=utf-8', 'content-encoding': 'gzip' },
    packed: 'gzip',
  },
  { vendor: 'leen', headers: { ...usual, 'content-encoding': 'br' }, packed: 'br' },
  { vendor: 'leen', headers: { ...usual, 'content-encoding': 'deflate' }, packed: 'deflate' },
  { vendor: 'truto', headers: { ...usual, 'content-encoding': 'deflate' }, packed: 'raw' },
  { vendor: 'leen', headers: { ...usual, 'content-encoding': 'gzip' }, packed: 'gzip', cut: 7 },
  { vendor: 'leen', status: 429, headers: { ...usual, 'retry-after': '7' } },
  { vendor: 'truto', status: 429, headers: { ...usual, 'ratelimit-reset': '7', 'ratelimit-remaining': '0' } },
  { vendor: 'openproject', status: 429, headers: { ...usual, 'ratelimit-reset': '1795420800' } },
  { vendor: 'delay', status: 503, headers: { ...usual, 'retry-after': 'Mon, 23 Nov 2026 00:00:09 GMT' } },
  { vendor: 'delay', status: 503, headers: { ...usual, 'retry-after': 'Monday, 23-Nov-26 00:00:09 GMT' } },
  { vendor: 'leen', status: 503, headers: { ...usual, 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' } },
  { vendor: 'delay', status: 302, headers: { location: 'https://elsewhere.example/login' } },
  {
    vendor: 'leen',
    status: 401,
    headers: { ...usual, 'www-authenticate': 'Bearer', 'x-request-id': 'r-1', date: 'Mon, 23 Nov 2026 00:00:00 GMT' },
  },
];

/** Headers that hold links, cookies, waits, dates and encodings, and bodies that are packed as these say or not. */
export function openHeaders(): FuzzTarget {
  const vendors = new Map(names.map((name) => [name, createFuzzedVendor(name)]));
  return {
    corpus: inputs,
    async run(input) {
      const read = inputShape.safeParse(input);
      if (!read.success) return { kind: 'refused', note: 'no input' };
      const { vendor, status, headers: wished, packed, cut } = read.data;
      const headers = toHeaders(wished);
      readDirectly(headers);
      const fuzzed = vendors.get(vendor) as ReturnType<typeof createFuzzedVendor>;
      const { list } = fuzzed.open((ask): CannedAnswer => {
        // What refuses is no list: a vendor's words may be told as they are.
        const body = status >= 300 ? '{"message":"no"}' : fuzzed.simulated(ask).body;
        const bytes = packers[packed](Buffer.from(body));
        return { status, headers, body: bytes.subarray(0, Math.max(0, bytes.length - cut)) };
      }, true);
      return walkOnce(list);
    },
  };
}

async function walkOnce(list: ReturnType<ReturnType<typeof createFuzzedVendor>['open']>['list']): Promise<FuzzOutcome> {
  const notes: string[] = [];
  try {
    let next: string | null | undefined;
    for (let page = 0; next !== null && page < 3; page += 1) {
      const shown = await list.fetchPage({ cursor: next === undefined ? undefined : cursor(next), deadlineMs: farMs });
      notes.push(judgePage(shown, list));
      next = shown.next;
    }
    return { kind: 'accepted', note: notes.join(' ') };
  } catch (error) {
    return takeRefusal(error, { codes: ['vendor.'] });
  }
}

/** The parts that read one header, as no answer could bring them past the others. */
function readDirectly(headers: Readonly<Record<string, string | string[]>>): void {
  for (const value of Object.values(headers).flat()) {
    const waitMs = readRetryAfterMs({ 'retry-after': value }, nowMs);
    if (waitMs !== undefined && !(waitMs >= 0)) throw new Broken('retry_after', `${value} is ${waitMs} ms`);
    if (readLinks(value).has('')) throw new Broken('link', value);
    const at = readInstant(value);
    if (at !== undefined && new Date(at).toISOString() !== at) throw new Broken('instant', `${value} is ${at}`);
  }
}
