import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import type { Answer, Ask } from '../../../local/simulators/simulated-vendor.ts';
import type { SimulatedVendorName } from '../../../local/simulators/simulated-vendors.ts';
import { type Cursor, cursor, userId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { Json } from '../../../src/model/json.ts';
import { walk } from '../../conformance/vendor-under-test.ts';
import type { CannedAnswer } from '../canned-dispatcher.ts';
import type { FuzzOutcome, FuzzTarget } from '../fuzz-target.ts';
import { createFuzzedVendor, type FuzzedVendor, type OpenedVendor } from '../fuzzed-vendor.ts';
import { judgePage } from '../judge-page.ts';
import { credentialMark, shapeOf, takeRefusal } from '../oracles.ts';
import { toHeaders } from '../to-headers.ts';

const asks = ['list', 'delta', 'user', 'support'] as const;
type AskName = (typeof asks)[number];
const mostPages = 6;
const since = instant(Date.UTC(2026, 9, 1));
const farMs = Date.UTC(2027, 0, 1);

/** An answer, as JSON or, where `body` is a text, as it stands. */
const inputShape = z.looseObject({
  ask: z.catch(z.enum(asks), 'list'),
  cursor: z.catch(z.optional(z.string()), undefined),
  answers: z.catch(
    z.array(
      z.looseObject({
        status: z.catch(z.int().check(z.minimum(200), z.maximum(599)), 200),
        headers: z.catch(z.record(z.string(), z.unknown()), {}),
        body: z.catch(z.unknown(), null),
      }),
    ),
    [],
  ),
});
type Input = z.infer<typeof inputShape>;

/** Refusals that say which credential they refuse, in the forms of all vendors. */
const said = `the credential ${credentialMark} of the list is not known`;
const echoes: readonly Json[] = [
  said,
  { code: 'unauthorized', message: said, detail: [{ loc: ['header'], msg: said, type: 'x' }] },
  { _type: 'Error', errorIdentifier: 'urn:openproject-org:api:v3:errors:Unauthenticated', message: said },
  { error: said, error_description: said, statusCode: 401, truto_is_remote_error: true },
];

/** Everything a vendor may answer to whatever it is asked: pages, deltas, single users, what it supports, logins. */
export async function openVendorAnswers(name: SimulatedVendorName): Promise<FuzzTarget> {
  const fuzzed = createFuzzedVendor(name);
  const recorded = await Promise.all(asks.map((ask) => record(fuzzed, ask)));
  const corpus: readonly Json[] = [
    ...recorded,
    ...echoes.map((body) => ({
      ask: 'list',
      answers: [{ status: 401, headers: { 'x-request-id': credentialMark }, body }],
    })),
    ...fixturesOf(name).map((body) => ({ ask: 'list', answers: [{ status: 200, headers: {}, body }] })),
  ];
  return { corpus, run: (input) => runAnswers(fuzzed, input) };
}

export async function runAnswers(fuzzed: FuzzedVendor, input: Json): Promise<FuzzOutcome> {
  const read = inputShape.safeParse(input);
  const {
    ask,
    cursor: from,
    answers,
  }: Input = read.success ? read.data : { ask: 'list', cursor: undefined, answers: [] };
  let asked = 0;
  const answerTo = (): CannedAnswer => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    return { status: answer?.status ?? 200, headers: toHeaders(answer?.headers ?? {}), body: toBody(answer?.body) };
  };
  // A vendor's own words about a fault may hold a name. Rows are no words.
  const mayName = answers.some(({ status, body }) => status >= 300 && !Array.isArray(body));
  try {
    return await askVendor(fuzzed, fuzzed.open(answerTo), ask, from === undefined ? undefined : cursor(from));
  } catch (error) {
    return takeRefusal(error, { codes: ['vendor.'], mayName });
  }
}

async function askVendor(
  { vendor }: FuzzedVendor,
  { list, target, io }: OpenedVendor,
  ask: AskName,
  from: Cursor | undefined,
): Promise<FuzzOutcome> {
  if (ask === 'user') {
    const presence = await vendor.probeUser?.({ ...target, userId: userId('1') }, io);
    return { kind: 'accepted', note: `presence ${presence}` };
  }
  if (ask === 'support') {
    const support = await vendor.describeSupport?.(target, io);
    const supports = await list.supportsDelta?.(farMs);
    return { kind: 'accepted', note: `support ${support === undefined} ${supports}` };
  }
  const notes: string[] = [];
  let next: Cursor | null | undefined = from;
  for (let page = 0; next !== null && page < mostPages; page += 1) {
    const shown = await list.fetchPage({
      cursor: next,
      deadlineMs: farMs,
      ...(ask === 'delta' && { updatedSince: since }),
    });
    notes.push(judgePage(shown, list));
    next = shown.next;
  }
  return { kind: 'accepted', note: `${ask} ${shapeOf(notes.join(' '))}` };
}

function toBody(body: unknown): string {
  return typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
}

/** What the simulator answers, in the order in which it is asked. */
async function record(fuzzed: FuzzedVendor, ask: AskName): Promise<Json> {
  const answers: Json[] = [];
  const opened = fuzzed.open((question: Ask) => {
    const answer: Answer = fuzzed.simulated(question);
    answers.push({ status: answer.status, headers: answer.headers, body: JSON.parse(answer.body) as Json });
    return answer;
  }, true);
  if (ask === 'user') {
    const [first] = (await opened.list.fetchPage({ cursor: undefined, deadlineMs: farMs })).users;
    answers.length = 0;
    await fuzzed.vendor.probeUser?.({ ...opened.target, userId: first?.id ?? userId('1') }, opened.io);
  } else if (ask === 'support') await fuzzed.vendor.describeSupport?.(opened.target, opened.io);
  else await walk(opened.list, ask === 'delta' ? since : undefined);
  return { ask, answers };
}

function fixturesOf(name: string): readonly Json[] {
  const folder = fileURLToPath(new URL(`../../fixtures/vendors/${name}`, import.meta.url));
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Json);
}
