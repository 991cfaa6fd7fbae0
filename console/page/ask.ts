import { authorization } from './access.ts';

/** An answer that is a fault, in the words of the server. */
export type Fault = { readonly status: number; readonly message: string };

export function isFault(answer: object): answer is Fault {
  return 'status' in answer && 'message' in answer;
}

/** Asks the server; an expected failure is an answer, too. */
export async function ask<T extends object>(path: string, signal?: AbortSignal): Promise<T | Fault> {
  return fetchJson(path, { headers: authorization(), ...(signal && { signal }) });
}

/** Asks for something to be done. */
export async function order<T extends object>(path: string, body: object): Promise<T | Fault> {
  const headers = { ...authorization(), 'content-type': 'application/json' };
  return fetchJson(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function fetchJson<T extends object>(path: string, init: RequestInit): Promise<T | Fault> {
  const response = await fetch(path, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    return undefined;
  });
  if (response === undefined) return { status: 0, message: 'ucf does not answer: is it still running?' };
  const answer = (await response.json()) as T & { readonly error?: string };
  return response.ok ? answer : { status: response.status, message: answer.error ?? 'there is no answer' };
}
