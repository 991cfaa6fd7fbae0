import { detailJsonSchema } from '../../src/events/detail-json-schema.ts';
import { feedEventTypes } from '../../src/events/feed-event.ts';
import { vendors } from '../../src/vendors/registry.ts';
import { asyncapiDocument } from './asyncapi-document.ts';
import { eventsPage } from './events-page.ts';

/** The generated files of the contract by path. */
export function contractFiles(): readonly (readonly [path: string, text: string])[] {
  return [
    ['docs/events.md', eventsPage()],
    ['docs/asyncapi.json', json(asyncapiDocument())],
    ...feedEventTypes.map(
      (type) => [`docs/schemas/${type}.schema.json`, json(detailJsonSchema(type, 'draft-2020-12'))] as const,
    ),
    ['src/events/known-vendors.ts', knownVendors()],
  ];
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function knownVendors(): string {
  const names = vendors.map(({ id }) => `'${id}'`).join(', ');
  return `// Generated from the registry of vendors by \`npm run docs\`.

/** The vendors that events can come from. */
export const knownVendors = [${names}] as const;
export type KnownVendor = (typeof knownVendors)[number];
`;
}
