import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as it arrived. */
export type ReceivedRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: { readonly [name: string]: string };
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** What the server does with one request. */
export type ScriptedAnswer = (response: ServerResponse, request: ReceivedRequest) => void;

/** A vendor on loopback that plays a script, one answer a request, and remembers what it was asked. */
export type VendorServer = {
  readonly baseUrl: string;
  readonly received: readonly ReceivedRequest[];
  play(...answers: readonly ScriptedAnswer[]): void;
  /**
   * Ends the server. Throws if an answer of the script was never asked for, or a request came that the script did
   * not foresee: a fault that never happened proves nothing.
   */
  finish(): Promise<void>;
};

export async function startVendorServer(): Promise<VendorServer> {
  const script: ScriptedAnswer[] = [];
  const received: ReceivedRequest[] = [];
  let unforeseen = 0;
  const server = createServer((message, response) => {
    answer(message, response).catch((error: Error) => response.destroy(error));
  });
  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(message);
    received.push(request);
    const foreseen = script.shift();
    if (foreseen === undefined) unforeseen += 1;
    (foreseen ?? answerJson({ error: 'not in the script' }, { status: 418 }))(response, request);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    received,
    play: (...answers) => void script.push(...answers),
    async finish() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      if (script.length > 0) throw new Error(`${script.length} scripted answers were never asked for`);
      if (unforeseen > 0) throw new Error(`${unforeseen} requests were not in the script`);
    },
  };
}

type AnswerOptions = { readonly status?: number; readonly headers?: { readonly [name: string]: string } };

export function answerJson(body: unknown, { status = 200, headers = {} }: AnswerOptions = {}): ScriptedAnswer {
  return answerBytes(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

export function answerBytes(
  body: string | Uint8Array,
  { status = 200, headers = {} }: AnswerOptions = {},
): ScriptedAnswer {
  return (response) => response.writeHead(status, headers).end(body);
}

/** Announces more than it sends and hangs up. */
export function answerCutShort(sent: string, { status = 200, headers = {} }: AnswerOptions = {}): ScriptedAnswer {
  const announced = { 'content-type': 'application/json', 'content-length': String(sent.length + 100), ...headers };
  return (response) => {
    response.writeHead(status, announced);
    response.write(sent, () => response.socket?.destroy());
  };
}

/** Hangs up without a word. */
export const hangUp: ScriptedAnswer = (response) => void response.socket?.destroy();

/** Never answers. */
export const staySilent: ScriptedAnswer = () => undefined;

/** Begins an answer and never ends it. */
export function stallAfter(sent: string): ScriptedAnswer {
  return (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write(sent);
}

async function readRequest(message: IncomingMessage): Promise<ReceivedRequest> {
  const url = new URL(message.url ?? '/', 'http://loopback');
  return {
    method: message.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: message.headers,
    body: await text(message),
  };
}
