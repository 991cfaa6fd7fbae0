import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Calls over loopback to a server that does nothing, one after the other, over a connection that is kept. */
export type BareCalls = {
  /** Milliseconds of so many. */
  time(count: number): Promise<number>;
  close(): void;
};

/** As long as an item and its expressions are. */
const body = JSON.stringify({ item: 'x'.repeat(1_000) });

export async function startBareCalls(): Promise<BareCalls> {
  const server = createServer((asked, response) => {
    asked.resume().on('end', () => response.end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  const call = async () => {
    const asking = request({ host: '127.0.0.1', port, method: 'POST', agent }).end(body);
    const [response] = await once(asking, 'response');
    await text(response);
  };
  return {
    async time(count) {
      const beganAt = performance.now();
      for (let n = 0; n < count; n += 1) await call();
      return performance.now() - beganAt;
    },
    close() {
      agent.destroy();
      server.close();
      server.closeAllConnections();
    },
  };
}
