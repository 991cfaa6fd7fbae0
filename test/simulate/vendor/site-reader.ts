import * as z from 'zod/mini';
import type { Answer, Ask } from '../../../local/simulators/simulated-vendor.ts';
import type { ObservedUser } from '../../../src/model/canonical-user.ts';
import { type ConnectionId, type Cursor, connectionId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { Page } from '../../../src/model/page.ts';
import type { HttpRequest } from '../../../src/vendors/http/http-client.ts';
import { createSessionCookies } from '../../../src/vendors/http/session-cookies.ts';
import { vendors } from '../../../src/vendors/registry.ts';
import type { VendorIo } from '../../../src/vendors/vendor.ts';
import { credentialsOf, optionsOf } from './connection-of-site.ts';
import type { VendorSite } from './vendor-site.ts';

/** Reads a site's lists with the feed's own mapping, but without its requests: what an omniscient reader sees. */
export type SiteReader = {
  /** A page that was answered to somebody; undefined where nobody could read it. */
  readAnswer(answer: Answer): Promise<Page | undefined>;
  /** Everybody, in the present. Traps are to be cleared before. */
  readAll(): Promise<readonly ObservedUser[]>;
};

export function createSiteReader(site: VendorSite): SiteReader {
  const vendor = vendors.find(({ id }) => id === site.name);
  if (vendor === undefined) throw new Error(`the registry has no ${site.name}`);
  const target = {
    connectionId: connectionId('reader') as ConnectionId,
    baseUrl: `${site.origin}${site.basePath}`,
    credentials: credentialsOf(site),
    options: z.parse(vendor.options, withoutOrganization(optionsOf(site, 100))),
  };
  const sessions = createSessionCookies();
  const fetch = (cursor: Cursor | undefined, answer: (request: HttpRequest) => Answer) => {
    const requestJson = async (request: HttpRequest) => {
      const { headers, body } = answer(request);
      return {
        status: 200,
        headers,
        setCookies: [headers['set-cookie'] ?? []].flat(),
        body: JSON.parse(body) as unknown,
        receivedAt: instant(0),
        retries: 0,
      };
    };
    return vendor.fetchPage({ ...target, cursor }, { http: { requestJson }, sessions } as unknown as VendorIo);
  };
  return {
    // To a reader without a place in the list every page is the first one.
    readAnswer: (answer) =>
      fetch(undefined, () => ({ ...answer, body: answer.body.replace(/"offset":\d+/, '"offset":1') })).catch(
        () => undefined,
      ),
    async readAll() {
      const users: ObservedUser[] = [];
      let cursor: Cursor | undefined;
      do {
        const page = await fetch(cursor, (request) => {
          const answer = site.answer(askOf(request));
          if (typeof answer === 'string') throw new Error(`${site.name} ${answer}`);
          return answer;
        });
        users.push(...page.users);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      return users;
    },
  };
}

/** Health is for those who have to judge the list. */
function withoutOrganization({ organizationId: _, ...options }: { readonly organizationId?: unknown }): object {
  return options;
}

function askOf({ url, headers = {} }: HttpRequest): Ask {
  return { method: 'GET', url, headers, body: '' };
}
