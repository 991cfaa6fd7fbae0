import { deriveUuid } from '../derive-uuid.ts';
import type { Answer, Ask } from '../simulated-vendor.ts';
import { trutoFault } from './truto-fault.ts';

export const trutoToken = 'simulated-truto-token';
/** Implies its account. */
export const trutoAccountToken = 'simulated-truto-account-token';
export const trutoAccountId = deriveUuid('truto/account');

const windowMs = 10_000;
const requestsPerWindow = 50;

/** Who may pass: the right token, for the right account, not more often than an account may be asked.
 *  Source: trutohq/truto-skills skills/truto/references/authentication.md@f792f61 (the kinds of token),
 *  skills/truto-operator/references/error-and-evidence-model.md@f792f61 ("Rate limits"). The wider limit of a token is
 *  never reached over one account. */
export function createTrutoGate(nowMs: () => number): (ask: Ask) => Answer | null {
  let passedAtMs: readonly number[] = [];
  return (ask) => {
    const stranger = findStranger(ask);
    if (stranger !== null) return stranger;
    const now = nowMs();
    passedAtMs = passedAtMs.filter((atMs) => atMs > now - windowMs);
    if (passedAtMs.length >= requestsPerWindow) {
      const fault = trutoFault(429, 'Too many requests for this integrated account');
      return { ...fault, headers: { ...fault.headers, 'retry-after': '10' } };
    }
    passedAtMs = [...passedAtMs, now];
    return null;
  };
}

function findStranger({ url, headers }: Ask): Answer | null {
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token !== trutoToken && token !== trutoAccountToken) return trutoFault(401, 'Invalid API token');
  if (!url.pathname.startsWith('/unified/')) return null;
  const implied = token === trutoAccountToken ? trutoAccountId : null;
  const account = url.searchParams.get('integrated_account_id') ?? implied;
  if (account === null) return trutoFault(400, 'integrated_account_id is required');
  return account === trutoAccountId ? null : trutoFault(404, 'Integrated account not found');
}
