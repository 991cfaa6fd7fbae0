/** What generated tables cannot say about receiving events. */
export const rulesText = `## Receiving them

- **At least once, in no order.** An event may come twice, late, or after a newer one. Nothing of that does harm to whoever
  keeps two rules: an \`eventId\` seen before is the same event, and of each user only what \`isNewer\` is applied.
- **Order** is by \`(epoch, revision)\` for a user and by \`(epoch, sequence)\` for a connection. \`epoch\` rises only when the
  feed's table was restored from a backup.
- **Gaps.** \`sequence\` has none. Whoever receives all events of a connection knows by a gap that something is missing;
  whoever filters by a rule cannot. \`revision\` may skip: changes of the baseline, and some of an operator, are silent. A first
  event may have revision 2.
- **The whole user.** \`data.user\` is the state after the change, not a difference: apply it as it is, and a lost event heals
  with the next. \`user.updated\` of somebody you do not know creates him.
- **Deleted** is a conclusion: \`reason\` says from what. \`left_scope\` means he may still be there, but not among the users that
  the connection is about. Who comes back is \`user.created\` with \`restored\`, and revisions that go on.
- **Origins.** \`replay\` repeats an event with its id, sequence and revision, so that it is a duplicate to whoever has it. \`resync\`
  states the present under an id of its own with the last revision: \`isNewer\` lets an equal revision of it pass. It comes as
  \`user.created\` or \`user.deleted\`, also to whoever knows: filter by \`origins\` where that matters. \`baseline\` is the first list,
  published only where the connection says \`"baseline": "emit"\`.
- **Thin and truncated.** With \`"payload": "thin"\` an event has ids, status and field names, and \`thin: true\`. A user too large
  for an event lacks the fields that \`truncated\` names. Do not take an absent field for a removed one there.
- **Skip what you do not know**: types of a later version, and fields.

\`user-change-feed/events\` has all of it as code, without AWS and of other packages with zod alone:

\`\`\`ts
import { isNewer, parseUserEvent, userEventPattern } from 'user-change-feed/events';

export const pattern = userEventPattern({ types: ['user.status_changed'], statusTo: ['suspended', 'inactive'] });

const event = parseUserEvent(record);      // an envelope, or the record of a queue that holds one
if (isNewer(event, known) && event.type === 'user.status_changed')
  console.log(event.metadata.userId, event.data.status.to);
\`\`\`

| error | means |
|---|---|
| \`event.unknown_type\` | a type of a later minor version: skip it |
| \`event.wrong_kind\` | \`parseUserEvent\` was given an event about a connection: skip it |
| \`event.other_version\` | another major version: update the package |
| \`event.invalid\` | not an event, or not as the schema says; names the path, and never a value |

What is imported from where: \`user-change-feed/events\` needs zod, and runs in a browser. \`user-change-feed/consumer\` needs the
DynamoDB client of the AWS SDK and Powertools, which the package brings along. \`user-change-feed/infra\` needs \`aws-cdk-lib\` and
\`constructs\`, which you install.

A filter (\`userEventPattern\`) takes \`types\`, \`vendors\`, \`connections\`, \`tenants\`, \`origins\`, \`reasons\`, \`statusFrom\`,
\`statusTo\`, \`changedFields\` and \`restored\`. Within one, any value may match; all of them have to. \`{ not: [...] }\` takes all but
these; connections and tenants take \`{ prefix: 'acme-' }\`. A field that a chosen type does not carry is a type error. CDK's
\`Rule\` takes \`toCdkPattern(pattern)\`.`;

/** The policy of versions. */
export const versionsText = `## Versions

\`schemaVersion\` is major.minor. The package reads every minor version of its major one, older and newer.

**Within a major version**, by a minor one: new types of events, new optional and new always-present fields, new values of open
sets. Nothing else: no field vanishes, is renamed, changes its type or its meaning, or may suddenly be absent; no closed set
gets another value, because code that tells all values apart would be wrong; and none loses one that consumers wait for.

| set | |
|---|---|
| \`status\` | closed; what nobody has mapped is \`unknown\` |
| \`origin\`, \`op\`, \`hold.kind\` | closed |
| types of events, \`reason.code\`, \`hold.reason\`, \`hold.ending\`, \`sweep.mode\`, \`vendor\`, \`rawStatus\` | open: expect others |

**A new major version** is announced in the changelog. \`eventId\`s do not change by it. Its schemas have other names
(\`urn:user-change-feed:schema:<major>:<type>\`), and \`event.other_version\` tells a consumer that meets it too early. Rules can
keep to one: \`"detail": { "metadata": { "schemaVersion": [{ "prefix": "1." }] } }\`.

A test compares the schemas with those of the last release (\`test/contract/released\`), and fails on anything that is not
additive while the major version stands.`;

/** Events in the shapes of standards. */
export function renderingsText({ cloudEvent, token }: { readonly cloudEvent: string; readonly token: string }): string {
  return `## As CloudEvents

\`toCloudEvent(event)\`: CloudEvents 1.0.2 in JSON format. \`source\` and \`id\` tell duplicates; \`time\` is when the feed observed
the change, for all events alike; \`data\` is what stands in \`detail\`. Extension attributes are \`tenantid\`, \`vendor\`, \`origin\`,
\`epoch\`, \`revision\`, and \`sequence\`, which sorts as text. \`subject\` is the user, absent from events about a connection.

${cloudEvent}

## As security event tokens

\`toSecurityEventToken(event, { issuer, audience, issuedAt })\` gives the claims of a SET (RFC 8417) with SCIM events (RFC 9967).
They are not signed: whoever delivers them signs them. Ids of users are unique within a connection only, and RFC 9967 resolves
\`sub_id.uri\` below the issuer's SCIM address: give each connection an issuer of its own.

| event | SCIM events | because |
|---|---|---|
| \`user.created\` | \`prov:create:full\` | |
| – of origin \`baseline\` | \`feed:add\`, \`prov:put:full\` | he was there before; the feed begins to tell of him |
| – of origin \`resync\` | \`prov:put:full\` | states what is there |
| \`user.updated\` | \`prov:put:full\` | the whole user rather than a patch: patches need all others, in order |
| \`user.status_changed\` | \`prov:put:full\`, and \`prov:activate\` when it becomes active, \`prov:deactivate\` when it becomes inactive, suspended or deleted from another status | one change of state, in one token |
| \`user.deleted\` | \`prov:delete\` | |
| – for the reason \`left_scope\` | \`feed:remove\` | RFC 9967: removal from a feed does not mean that he was deleted |

Thin and truncated events have no whole user: they end in \`:notice\` with the names of the \`attributes\`. \`version\` is
\`W/"<epoch>.<revision>"\`. \`txn\` and \`jti\` are the event's id (\`tokenId\` gives another \`jti\`), so that a repeated event is the
same token. \`toe\` stands there only where the vendor says when it happened. \`active\` is absent while the status is \`unknown\`, and
false for every other status but \`active\`. \`userName\`, which SCIM requires, is absent where the vendor has none. What SCIM's
user has no attribute for stands in \`urn:user-change-feed:scim:schemas:extension:1.0:User\` under its own name; of telephone
numbers the extension, and of roles the scope, are left out.

${token}`;
}
