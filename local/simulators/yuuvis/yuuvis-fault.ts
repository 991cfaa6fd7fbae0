import { type Answer, jsonAnswer } from '../simulated-vendor.ts';

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Assumed: no error body is documented, so it is what Spring Boot, on which the services are built, writes by itself. */
export function yuuvisFault(nowMs: () => number, status: number, message?: string): Answer {
  const headers = status === 401 ? { 'www-authenticate': 'Basic realm="yuuvis"' } : {};
  const told = message === undefined ? {} : { message };
  const body = {
    timestamp: new Date(nowMs()).toISOString(),
    status,
    error: reasons[status] ?? `HTTP ${status}`,
    ...told,
  };
  return jsonAnswer(status, body, { headers });
}
