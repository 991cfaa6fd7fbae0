import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to a console that can be cut and mended: to the browser the console is gone and back, with the same address. */
export async function openBreakableWay(url: string) {
  const { origin, host, hostname, port, hash } = new URL(url);
  const server = createServer((asked, answer) => {
    const headers = { ...asked.headers, host, ...(asked.headers.origin !== undefined && { origin }) };
    const { method = 'GET', url: path = '/' } = asked;
    const asking = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
      response.on('error', () => answer.destroy());
    });
    asking.on('error', () => answer.destroy());
    answer.on('close', () => asking.destroy());
    asked.pipe(asking);
  });
  const listen = async (on: number) => {
    server.listen(on, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const own = await listen(0);
  const cut = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${own}/${hash}`, cut, mend: () => listen(own), close: cut };
}
