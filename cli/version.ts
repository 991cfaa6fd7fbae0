import { readFileSync } from 'node:fs';

/** As a checkout has it, and as the package does. */
const places = ['../package.json', '../../../package.json'];

/** The version of this program, as its package names it. */
export function readVersion(): string {
  for (const place of places) {
    const { name, version } = readPackage(new URL(place, import.meta.url));
    if (name === 'user-change-feed' && version !== undefined) return version;
  }
  return 'unknown';
}

function readPackage(url: URL): { readonly name?: string; readonly version?: string } {
  try {
    return JSON.parse(readFileSync(url, 'utf8'));
  } catch {
    return {};
  }
}
