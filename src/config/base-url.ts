import { isIP } from 'node:net';
import { kindOfAddress } from '../vendors/http/address-kind.ts';

/** The base address without trailing slash, host and port in their usual spelling; or what is wrong with the text. */
export function readBaseUrl(text: string): { readonly baseUrl: string } | { readonly fault: string } {
  const url = /^https?:\/\/[^\s\\]+$/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  // A text that is no address may still hold a password, so it is shown only where there is no place for one.
  if (url === undefined) return { fault: `expected an address like https://users.acme.example${showPlain(text)}` };
  if (url.username !== '' || url.password !== '') {
    return { fault: 'expected an address without user name and password (not shown): they belong under "credentials"' };
  }
  if (/[?#]/.test(text)) {
    return { fault: `expected an address without query and fragment (not shown): write "${withoutSlash(url)}"` };
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return {
      fault: `expected https, found "${withoutSlash(url)}": plain http would send the credentials in the clear and is for loopback only`,
    };
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && kindOfAddress(host) === 'forbidden') {
    return {
      fault: `expected the address of a vendor, found "${withoutSlash(url)}": link-local, reserved and cloud metadata addresses are none`,
    };
  }
  return { baseUrl: withoutSlash(url) };
}

function withoutSlash(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function showPlain(text: string): string {
  return /[@?#]/.test(text) ? ' (the value found is not shown)' : `, found ${JSON.stringify(text.slice(0, 60))}`;
}
