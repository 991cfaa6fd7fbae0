import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { localCredentials, localRegion } from '../../local/embedded-table.ts';

/** One call of an AWS client: the operation, and its input as it came over the wire. */
export type AwsCall = { readonly operation: string; readonly input: Readonly<Record<string, unknown>> };
/** What the service answers: a JSON document, or an error by its name. */
export type AwsAnswer = { readonly body: unknown } | { readonly error: string; readonly message?: string };

/** An AWS service on loopback that speaks AWS JSON, as SQS, SSM and Secrets Manager do. */
export type AwsServer = {
  readonly calls: readonly AwsCall[];
  readonly endpoint: string;
  /** What a client needs to talk to it; it tries once. */
  readonly config: object;
  close(): Promise<void>;
};

export async function startAwsServer(answer: (call: AwsCall) => AwsAnswer): Promise<AwsServer> {
  const calls: AwsCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      const call = { operation, input: JSON.parse(Buffer.concat(chunks).toString()) as AwsCall['input'] };
      calls.push(call);
      const said = answer(call);
      const isFault = 'error' in said;
      response.writeHead(isFault ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(isFault ? { __type: said.error, message: said.message ?? 'no' } : said.body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    calls,
    endpoint,
    config: { endpoint, region: localRegion, credentials: localCredentials, maxAttempts: 1 },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
