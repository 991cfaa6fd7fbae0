import { request } from 'node:http';

/** What the console has answered. */
export type ConsoleAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it, and fail where it is something else.
  readonly json: any;
};

export type Asking = {
  readonly method?: string;
  /** Instead of those that the page sends. `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | object;
};

/** The origin and the token of the address that `ucf` prints. */
export function readAddress(url: string): { readonly origin: string; readonly token: string } {
  const { origin, hash } = new URL(url);
  return { origin, token: hash.replace('#token=', '') };
}

/** Asks as the page does, but for what a test leaves out or puts in. */
export function askConsole(
  url: string,
  path: string,
  { method = 'GET', headers = {}, body }: Asking = {},
): Promise<ConsoleAnswer> {
  const { origin, token } = readAddress(url);
  const usual = {
    authorization: `Bearer ${token}`,
    'sec-fetch-site': 'same-origin',
    ...(method === 'POST' && { origin, 'content-type': 'application/json' }),
  };
  const sent = Object.fromEntries(
    Object.entries({ ...usual, ...headers }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return new Promise((resolve, reject) => {
    const asking = request(`${origin}${path}`, { method, headers: sent, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: readJson(text) }),
      );
      response.on('error', reject);
    });
    asking.on('error', reject);
    asking.end(typeof body === 'object' ? JSON.stringify(body) : body);
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
