import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { readPattern } from '../local/event-bus/match-pattern.ts';
import type { SubscriberSettings } from '../local/subscribers/start-subscribers.ts';
import { usageFault } from './usage-fault.ts';

/** Who is to get the events of a feed on this machine, in the words of the command line. */
export type SubscriberOptions = {
  readonly deliver: readonly string[];
  readonly queue: readonly string[];
  readonly subscribers?: string;
};

/** A subscriber as it was asked for, and where. */
type Asked = {
  readonly name: string;
  readonly url?: string | undefined;
  readonly pattern?: unknown;
  readonly at: string;
};

const fileSchema = z.array(
  z.strictObject({ name: z.string(), url: z.optional(z.string()), pattern: z.optional(z.unknown()) }),
);
/** Source: AWS SQS API reference, "CreateQueue". */
const queueName = /^[\w-]{1,80}$/;

/** All subscribers that the options and their file name. @throws config.invalid */
export async function readSubscribers(options: SubscriberOptions): Promise<readonly SubscriberSettings[]> {
  const asked = [
    ...options.deliver.map(readDelivery),
    ...options.queue.map(readQueue),
    ...(options.subscribers === undefined ? [] : await readSubscriberFile(options.subscribers)),
  ];
  const names = asked.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw usageFault('subscribers', `two have the name ${twice}: events wait under it`);
  return asked.map(toSettings);
}

/** `URL` or `URL,{"detail-type": …}`. */
function readDelivery(text: string): Asked {
  const [url = '', pattern] = splitAt(text, text.indexOf(',{'));
  return {
    name: nameOf(url),
    url,
    ...(pattern !== undefined && { pattern: readJson(pattern, '--deliver') }),
    at: '--deliver',
  };
}

/** Without what may be a secret. */
function nameOf(url: string): string {
  const { origin, pathname } = URL.parse(url) ?? { origin: url, pathname: '' };
  return origin + pathname;
}

/** `NAME` or `NAME={"detail-type": …}`. */
function readQueue(text: string): Asked {
  const [name = '', pattern] = splitAt(text, text.indexOf('='));
  return { name, ...(pattern !== undefined && { pattern: readJson(pattern, '--queue') }), at: '--queue' };
}

async function readSubscriberFile(path: string): Promise<readonly Asked[]> {
  const at = `--subscribers ${path}`;
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw usageFault(at, `cannot be read (${cause.code ?? cause.message})`);
  });
  const read = fileSchema.safeParse(readJson(text, at));
  if (read.success) return read.data.map((one, n) => ({ ...one, at: `${at} [${n}]` }));
  throw usageFault(
    at,
    'expected a list like [{"name": "leavers", "url": "http://127.0.0.1:8080/", "pattern": {…}}]; without url it is a queue',
  );
}

function toSettings({ name, url, pattern, at }: Asked): SubscriberSettings {
  const matches = pattern === undefined ? () => true : readPattern(pattern, `${at} pattern`);
  if (url !== undefined) {
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw usageFault(at, 'expected an http or https address');
    return { name, url, matches };
  }
  if (!queueName.test(name))
    throw usageFault(at, `${name} is no name of a queue: up to 80 letters, digits, hyphens and underscores`);
  return { name, matches };
}

function splitAt(text: string, at: number): readonly [string, string?] {
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function readJson(text: string, at: string): unknown {
  const read = parse(text);
  if (read !== undefined) return read.value;
  throw usageFault(at, `${text.slice(0, 60)} is no JSON; a pattern is an object like {"detail-type":["user.deleted"]}`);
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
