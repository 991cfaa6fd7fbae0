import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { feedEventTypes } from '../../src/events/feed-event.ts';
import { asyncapiDocument } from '../../tools/contract/asyncapi-document.ts';

const specification = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json') as object;
const document = JSON.parse(JSON.stringify(asyncapiDocument()));

function createValidator(): Ajv {
  // The specification brings the meta schema of JSON Schema along.
  const ajv = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false });
  addFormats.default(ajv);
  return ajv;
}

/** What a reference within the document leads to. */
function resolve(reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], document);
}

function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => (name === '$ref' ? [String(part)] : referencesIn(part)));
}

describe(asyncapiDocument, () => {
  const validate = createValidator().compile(specification);

  it('is what the specification of AsyncAPI 3.0 asks for', () => {
    expect(validate(document), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });

  it('would be refused with an action that AsyncAPI does not know', () => {
    const wrong = structuredClone(document);
    wrong.operations['send-users'].action = 'publish';

    expect(validate(wrong)).toBe(false);
  });

  it('leads every reference to something', () => {
    const references = referencesIn(document);

    expect(references.length).toBeGreaterThan(feedEventTypes.length);
    expect(references.filter((reference) => resolve(reference) === undefined)).toStrictEqual([]);
  });

  it('has each type as a message, in one channel and one operation', () => {
    const inChannels = Object.values(document.channels as Record<string, { messages: object }>).flatMap(
      ({ messages }) => Object.keys(messages),
    );

    expect(Object.keys(document.components.messages)).toStrictEqual([...feedEventTypes]);
    expect(inChannels.toSorted()).toStrictEqual([...feedEventTypes].toSorted());
  });

  it.each(feedEventTypes)('gives of %s an example that its schemas take', (type) => {
    const { payload, examples } = document.components.messages[type];
    const ajv = createValidator();
    const isPayload = ajv.compile({ ...payload, components: document.components });
    const areHeaders = ajv.compile(document.components.schemas.envelope);

    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      expect(isPayload(example.payload), JSON.stringify(isPayload.errors)).toBe(true);
      expect(areHeaders(example.headers), JSON.stringify(areHeaders.errors)).toBe(true);
    }
  });
});
