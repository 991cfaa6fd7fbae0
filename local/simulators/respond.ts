import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerControl } from './control.ts';
import { deliver, deliverHurt } from './deliver.ts';
import { replaceAnswer } from './replace-answer.ts';
import { type Answer, type Ask, jsonAnswer } from './simulated-vendor.ts';
import type { Stage } from './stage.ts';
import type { Spot } from './traps.ts';

const controlPath = '/__simulator';
const longestBody = 1_000_000;

/** Answers one request, or keeps silent where a trap says so. */
export async function respond(request: IncomingMessage, response: ServerResponse, stage: Stage): Promise<void> {
  const ask = await readAsk(request, stage.origin());
  if (ask.url.pathname === controlPath || ask.url.pathname.startsWith(`${controlPath}/`)) {
    const path = ask.url.pathname.slice(controlPath.length);
    return deliver(response, answerControl(ask, path, stage), ask, stage);
  }
  stage.counts.requests += 1;
  const aim = stage.server.aim(ask);
  const refused = aim?.spot.on === 'token' ? null : stage.server.refuse(ask);
  if (refused || !aim) return deliver(response, refused ?? stage.server.fault(404), ask, stage);

  const { traps } = stage.world;
  const slow = traps.fire('slow', aim.spot);
  if (slow) await sleep(slow.delayMs, undefined, { signal: stage.closing });
  if (traps.fire('hang', aim.spot)) return;
  return deliverHurt(response, answerTo(aim.spot, aim.answer, stage), ask, stage, aim.spot);
}

/** A fault of the simulator itself, told apart from any vendor's. */
export function simulatorFault(error: unknown): Answer {
  return jsonAnswer(500, { simulatorFault: error instanceof Error ? error.message : String(error) });
}

function answerTo(spot: Spot, answer: () => Answer, { world, server, origin }: Stage): Answer {
  return replaceAnswer(world, server, spot, elsewhereOf(origin())) ?? answer();
}

/** The same server under another name: an origin that must never see the credentials. */
function elsewhereOf(origin: string): string {
  const { hostname, port } = new URL(origin);
  const otherName = hostname === 'localhost' ? '127.0.0.1' : 'localhost';
  return `http://${otherName}:${port}${controlPath}/elsewhere`;
}

async function readAsk(request: IncomingMessage, origin: string): Promise<Ask> {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    byteCount += chunk.length;
    if (byteCount > longestBody) throw new Error(`a request body is longer than ${longestBody} bytes`);
    chunks.push(chunk);
  }
  const { method = 'GET', url = '/', headers } = request;
  return { method, url: new URL(origin + url), headers, body: Buffer.concat(chunks).toString() };
}
