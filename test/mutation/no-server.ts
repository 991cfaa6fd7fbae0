import { createServer } from 'node:http';

/** In place of dynalite: an address that nobody calls. */
// biome-ignore lint/style/noDefaultExport: dynalite exports itself as its default.
export default function dynalite() {
  return createServer();
}
