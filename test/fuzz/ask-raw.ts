import { request } from 'node:http';

export type RawAsk = {
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string;
};

/** Undefined where the server broke the connection off, or kept silent for as long as it may. */
export type RawAnswer = { readonly status: number; readonly text: string } | undefined;

/** Longer than anything here takes, on a machine that has other things to do. */
const patienceMs = 15_000;

/** One request over a connection of its own. Of a path, what no client can send is encoded. */
export function askRaw({ origin, method, path, headers, body }: RawAsk): Promise<RawAnswer> {
  const sent = path.toWellFormed().replaceAll(/[^\x21-\x7e]/gu, encodeURIComponent);
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const options = {
      hostname,
      port,
      method,
      path: sent,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    };
    const asking = request({ ...options, agent: false, timeout: patienceMs }, (response) => {
      // Goes on for ever, as it should.
      if (response.headers['content-type'] === 'text/event-stream') {
        asking.destroy();
        resolve({ status: response.statusCode ?? 0, text: '' });
        return;
      }
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', () => resolve(undefined));
    });
    asking.on('timeout', () =>
      reject(new Error(`no answer within ${patienceMs} ms to ${method} ${sent.slice(0, 200)}`)),
    );
    asking.on('error', () => resolve(undefined));
    asking.end(body);
  });
}
