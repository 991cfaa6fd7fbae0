import type { IncomingHttpHeaders } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Ask } from '../../../local/simulators/simulated-vendor.ts';
import type { Scheduler } from '../scheduler.ts';
import type { SiteAnswer } from './vendor-site.ts';

export type VendorDispatcherOptions = {
  readonly scheduler: Scheduler;
  /** Called when the request arrives at the vendor. */
  readonly answer: (ask: Ask) => SiteAnswer;
};

/** Stands where undici's connections do: requests go to vendors in this process, when the scheduler says so. */
export function createVendorDispatcher({ scheduler, answer }: VendorDispatcherOptions): Dispatcher {
  const dispatch = (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean => {
    const controller = createController(handler);
    handler.onRequestStart?.(controller, {});
    const ask = askOf(options);
    const label = () => `${ask.method} ${ask.url.pathname}${ask.url.search}`;
    scheduler
      .call({ service: 'vendor', operation: ask.method, sortKey: '', label }, () => answer(ask))
      .then(
        (answered) => respond(answered, handler, controller),
        (error: Error) => controller.abort(error),
      );
    return true;
  };
  return { dispatch } as unknown as Dispatcher;
}

function respond(
  answer: SiteAnswer,
  handler: Dispatcher.DispatchHandler,
  controller: Dispatcher.DispatchController,
): void {
  if (answer === 'hangs' || controller.aborted) return;
  if (answer === 'breaks') {
    controller.abort(new Error('the connection broke'));
    return;
  }
  const { status, headers, body } = answer;
  handler.onResponseStart?.(controller, status, headers as IncomingHttpHeaders, STATUS_CODES[status] ?? '');
  handler.onResponseData?.(controller, Buffer.from(body));
  handler.onResponseEnd?.(controller, {});
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
