import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A stack as CloudFormation describes it, or the error it answers. */
export type DescribedStack =
  | { readonly status?: string; readonly outputs: { readonly [name: string]: string } }
  | { readonly error: string; readonly message: string; readonly httpStatus?: number };

/** CloudFormation on loopback, in its query protocol: forms in, XML out. It knows DescribeStacks only. */
export type CloudFormationServer = {
  readonly endpoint: string;
  /** The forms it got. */
  readonly calls: readonly URLSearchParams[];
  close(): Promise<void>;
};

export async function startCloudFormation(describe: (name: string) => DescribedStack): Promise<CloudFormationServer> {
  const calls: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      calls.push(form);
      const said = describe(form.get('StackName') ?? '');
      response.writeHead('error' in said ? (said.httpStatus ?? 400) : 200, { 'content-type': 'text/xml' });
      response.end('error' in said ? errorXml(said) : stackXml(form.get('StackName') ?? '', said));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    calls,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

function stackXml(name: string, { status = 'CREATE_COMPLETE', outputs }: Extract<DescribedStack, { outputs: object }>) {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${escapeXml(value)}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse xmlns="${namespace}"><DescribeStacksResult><Stacks><member>
<StackName>${name}</StackName><CreationTime>2026-11-23T08:00:00Z</CreationTime><StackStatus>${status}</StackStatus>
<Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

function errorXml({ error, message }: { readonly error: string; readonly message: string }): string {
  return `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>${error}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>r</RequestId></ErrorResponse>`;
}

function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
