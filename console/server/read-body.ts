import type { IncomingMessage } from 'node:http';
import { refusal } from './refusal.ts';

/** More than any request of the page has. */
const maxBytes = 16_384;

/** The JSON body of a request. @throws a refusal where it is too long, not JSON or not declared as such */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  if (request.headers['content-type'] !== 'application/json') throw refusal(415, 'the body has to be application/json');
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBytes) throw refusal(413, `the body has more than ${maxBytes} bytes`);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (cause) {
    throw refusal(400, 'the body is not JSON', { cause });
  }
}
