import { connectionEventTypes, feedEventTypes, schemaVersion, userEventTypes } from '../../src/events/feed-event.ts';
import { noticeEventTypes } from '../../src/events/notice-event.ts';
import { toCloudEvent } from '../../src/events/to-cloud-event.ts';
import { toSecurityEventToken } from '../../src/events/to-security-event-token.ts';
import { typeDescriptions } from '../../src/events/type-descriptions.ts';
import { compactJson } from './compact-json.ts';
import { fieldTable } from './field-table.ts';
import { renderingsText, rulesText, versionsText } from './page-texts.ts';
import { sampleEnvelope } from './sample-envelope.ts';
import { sampleEvents } from './sample-events.ts';

/** docs/events.md: every event with an example, made by the code that composes all events. */
export function eventsPage(): string {
  const types = feedEventTypes.map((type) => `| [\`${type}\`](#${anchor(type)}) | ${typeDescriptions[type]} |`);
  return `# Events

Generated from the schemas by \`npm run docs\`. Contract version ${schemaVersion}. For machines: a
[JSON Schema a type](schemas), an [AsyncAPI document](asyncapi.json), and the schemas in EventBridge's registry.

| type | says |
|---|---|
${types.join('\n')}

${rulesText}

## The envelope

What a rule's target receives, here of \`user.created\`. \`detail-type\` is the type; the contract is what stands in \`detail\`.

${codeBlock(sampleEnvelope(sampleOf('user.created')))}

## \`metadata\`

${fieldTable(userEventTypes, 'metadata')}

Events about a connection have neither \`userId\`, \`revision\`, \`window\` nor \`reason\`; \`connection.removed\` has no \`sweep\`.
Notices (${noticeEventTypes.map((type) => `\`${type}\``).join(', ')}) have neither \`sequence\`, \`mappingVersion\` nor \`sweep\`.

## \`data\` of user events

${fieldTable(userEventTypes, 'data', ['data.user'])}

## \`data.user\`

The canonical user: one shape for all vendors. Absent is absent: never null, never empty.

${fieldTable(userEventTypes, 'data.user')}

## \`data\` of events about a connection

${fieldTable([...connectionEventTypes, ...noticeEventTypes], 'data')}

## One of each

${feedEventTypes.map(exampleOf).join('\n\n')}

${versionsText}

${renderingsText({ cloudEvent: codeBlock(sampleCloudEvent()), token: codeBlock(sampleToken()) })}
`;
}

function exampleOf(type: (typeof feedEventTypes)[number]): string {
  return `### ${type}

${typeDescriptions[type]} [Schema](schemas/${type}.schema.json)

${codeBlock(sampleEnvelope(sampleOf(type)).detail)}`;
}

function sampleOf(type: string) {
  const sample = sampleEvents().find((event) => event.type === type);
  if (sample === undefined) throw new Error(`no sample of ${type}: add one to sample-events.ts`);
  return sample;
}

/** Without the data, which is what the event says itself. */
function sampleCloudEvent(): object {
  return { ...toCloudEvent(sampleOf('user.status_changed')), data: { metadata: '…', data: '…' } };
}

function sampleToken(): object {
  const event = sampleEvents().find(({ type }) => type === 'user.status_changed');
  return toSecurityEventToken(event as Parameters<typeof toSecurityEventToken>[0], {
    issuer: 'https://feed.acme.example/connections/acme-openproject',
    audience: 'https://receiver.example',
    issuedAt: new Date('2026-11-23T08:33:00Z'),
  });
}

function codeBlock(value: object): string {
  return `\`\`\`json\n${compactJson(value)}\n\`\`\``;
}

/** As GitHub makes anchors of headings. */
function anchor(heading: string): string {
  return heading.replaceAll('.', '');
}
