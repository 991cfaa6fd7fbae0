import { type IncomingHttpHeaders, STATUS_CODES } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Ask } from '../../local/simulators/simulated-vendor.ts';

/** What stands behind a request: bytes, and headers that may stand several times. */
export type CannedAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | Uint8Array;
};

/** Stands where undici's connections do, below everything that reads an answer. */
export function createCannedDispatcher(answerTo: (ask: Ask) => CannedAnswer): Dispatcher {
  const dispatch = (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean => {
    const controller = createController(handler);
    handler.onRequestStart?.(controller, {});
    queueMicrotask(() => {
      if (controller.aborted) return;
      const { status, headers, body } = answerTo(askOf(options));
      handler.onResponseStart?.(controller, status, headers as IncomingHttpHeaders, STATUS_CODES[status] ?? '');
      handler.onResponseData?.(controller, Buffer.from(body as Uint8Array));
      handler.onResponseEnd?.(controller, {});
    });
    return true;
  };
  return { dispatch } as unknown as Dispatcher;
}

function createController(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchController {
  let reason: Error | null = null;
  return {
    get aborted() {
      return reason !== null;
    },
    get paused() {
      return false;
    },
    get reason() {
      return reason;
    },
    abort(error: Error) {
      if (reason !== null) return;
      reason = error;
      handler.onResponseError?.(this as Dispatcher.DispatchController, error);
    },
    pause() {},
    resume() {},
  } as Dispatcher.DispatchController;
}

function askOf({ origin, path, method, headers, body }: Dispatcher.DispatchOptions): Ask {
  return {
    method,
    url: new URL(path, String(origin)),
    headers: headers as IncomingHttpHeaders,
    body: typeof body === 'string' ? body : '',
  };
}
