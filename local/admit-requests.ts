import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** The requests that a server has let in. */
export type AdmittedRequests = {
  /** Lets no more in, and resolves once all that had arrived in full are answered. */
  end(): Promise<void>;
};

type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** Stands at the door of a server that someone else wrote: answers 403 to whom it does not admit. */
export function admitRequests(server: Server, admits: (request: IncomingMessage) => boolean): AdmittedRequests {
  const answers = server.listeners('request') as Answering[];
  const unanswered = new Set<ServerResponse>();
  let ended: (() => void) | undefined;
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!admits(request)) return void response.writeHead(403).end();
    if (ended !== undefined) return void response.writeHead(503, { connection: 'close' }).end();
    request.once('end', () => unanswered.add(response));
    watchEnd(response, () => {
      unanswered.delete(response);
      if (unanswered.size === 0) ended?.();
    });
    for (const answer of answers) answer.call(server, request, response);
  });
  return {
    end: () =>
      new Promise((resolve) => {
        ended = resolve;
        if (unanswered.size === 0) resolve();
      }),
  };
}

/** Calls when the answer is given, whether or not somebody is still there to read it: no event tells that. */
function watchEnd(response: ServerResponse, onEnd: () => void): void {
  const end = response.end;
  response.end = function (this: ServerResponse, ...said: unknown[]) {
    onEnd();
    return Reflect.apply(end, this, said) as ServerResponse;
  };
}
