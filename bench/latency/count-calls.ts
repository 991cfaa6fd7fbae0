import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** Requests that clients of this process send by `node:http`, as the AWS SDK does, by the operation they ask for. */
export type CallCount = {
  /** Those since it was last asked. */
  take(): ReadonlyMap<string, number>;
  close(): void;
};

/** Source: Node.js, diagnostics_channel, built-in channels. */
const channel = 'http.client.request.start';

export function countCalls(): CallCount {
  let calls = new Map<string, number>();
  const onRequest = (message: unknown) => {
    const { request } = message as { readonly request: ClientRequest };
    const operation = String(request.getHeader('x-amz-target'));
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
  };
  subscribe(channel, onRequest);
  return {
    take() {
      const taken = calls;
      calls = new Map();
      return taken;
    },
    close: () => unsubscribe(channel, onRequest),
  };
}
