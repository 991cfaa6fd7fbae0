import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Answer, Ask } from './simulated-vendor.ts';
import type { Stage } from './stage.ts';
import type { Spot, Traps } from './traps.ts';

const compress = promisify(gzip);
const padding = Buffer.alloc(64 * 1024, ' ');

/** Sends an answer, packed if the client takes gzip. */
export async function deliver(response: ServerResponse, answer: Answer, ask: Ask, { world }: Stage): Promise<void> {
  const isPacked = takesGzip(ask) && answer.body !== '';
  const body = isPacked ? await compress(answer.body) : Buffer.from(answer.body);
  response.writeHead(answer.status, {
    date: new Date(world.nowMs()).toUTCString(),
    vary: 'accept-encoding',
    'content-length': body.length,
    ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
    ...answer.headers,
  });
  response.end(body);
}

/** Sends an answer through the traps that hurt a body on its way. */
export async function deliverHurt(
  response: ServerResponse,
  answer: Answer,
  ask: Ask,
  stage: Stage,
  spot: Spot,
): Promise<void> {
  const { traps } = stage.world;
  const dropped = traps.fire('dropConnection', spot);
  if (dropped) return dropConnection(response, answer, dropped.midBody);
  const big = traps.fire('bigBody', spot);
  if (big) return deliverPadded(response, answer, big.bytes);
  return deliver(response, truncate(traps, spot, answer), ask, stage);
}

/** The text stops half way and everything said about it agrees: only its meaning is incomplete. */
function truncate(traps: Traps, spot: Spot, answer: Answer): Answer {
  if (answer.body.length < 2 || !traps.fire('truncatedBody', spot)) return answer;
  return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
}

function dropConnection(response: ServerResponse, { status, headers, body }: Answer, midBody: boolean): void {
  if (!midBody) {
    response.destroy();
    return;
  }
  const whole = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': whole.length });
  response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.destroy());
}

function deliverPadded(response: ServerResponse, { status, headers, body }: Answer, byteCount: number): Promise<void> {
  response.writeHead(status, headers);
  return pipeline(Readable.from(pad(byteCount, Buffer.from(body))), response);
}

function* pad(byteCount: number, body: Buffer): Generator<Buffer> {
  for (let left = byteCount; left > 0; left -= padding.length) yield padding.subarray(0, left);
  yield body;
}

function takesGzip({ headers }: Ask): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0+)?\s*(?:,|$))/.test(String(headers['accept-encoding'] ?? ''));
}
