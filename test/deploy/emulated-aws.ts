import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installEmulator } from './install-emulator.ts';

/** An AWS account on loopback, empty at the start and gone at the end. */
export type EmulatedAws = {
  readonly endpoint: string;
  /** What clients of the SDK need to talk to it. */
  readonly config: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** What programs need to talk to it, in a home folder of their own: the CDK remembers accounts there. */
  readonly environment: NodeJS.ProcessEnv;
  /** What the emulator has said, for when something fails. */
  said(): string;
  close(): Promise<void>;
};

export const region = 'us-east-1';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const readyWithinMs = 60_000;
const endedWithinMs = 10_000;

export async function startEmulatedAws(): Promise<EmulatedAws> {
  const program = await installEmulator();
  const home = await mkdtemp(join(tmpdir(), 'emulated-aws-'));
  const port = await findFreePort();
  // As the emulator names itself in the addresses of queues: the SDK warns of any other name.
  const endpoint = `http://localhost:${port}`;
  const child = spawn(program, [], {
    cwd: home,
    // A group of its own: the functions it runs end with it.
    detached: true,
    env: {
      // The functions run on the Node that runs this.
      PATH: process.env.PATH,
      HOME: home,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      IOT_MTLS_ENABLED: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-200_000);
    });
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      hasEnded = true;
      resolve();
    };
    child.once('exit', end);
    child.once('error', (error) => {
      said += error.message;
      end();
    });
  });
  const aws: EmulatedAws = {
    endpoint,
    config: { endpoint, region, credentials },
    environment: {
      PATH: process.env.PATH,
      HOME: home,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      NO_COLOR: '1',
    },
    said: () => said,
    async close() {
      const end = (signal: NodeJS.Signals) => {
        if (!hasEnded && child.pid !== undefined) process.kill(-child.pid, signal);
      };
      end('SIGTERM');
      const patience = setTimeout(() => end('SIGKILL'), endedWithinMs);
      await ended;
      clearTimeout(patience);
      await rm(home, { recursive: true, force: true });
    },
  };
  await waitUntilReady(aws, () => hasEnded).catch(async (error: unknown) => {
    await aws.close();
    throw error;
  });
  return aws;
}

async function waitUntilReady({ endpoint, said }: EmulatedAws, hasEnded: () => boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < readyWithinMs && !hasEnded(); waitedMs += 250) {
    const signal = AbortSignal.timeout(2_000);
    const answer = await fetch(`${endpoint}/_ministack/health`, { signal }).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(250);
  }
  throw new Error(`the emulated AWS did not start\n${said()}`);
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
