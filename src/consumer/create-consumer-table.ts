import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Claim, ConsumerTable, OwnAttributes } from './consumer-table.ts';
import type { EventPlace } from './event-place.ts';
import { ownUpdate } from './own-update.ts';
import type { SeenSequences } from './seen-sequences.ts';

export type ConsumerTableOptions = {
  readonly client: DynamoDBClient;
  /** A table with one key, the partition key `pk`, a string. */
  readonly tableName: string;
};

/** As new an event was not applied. */
const isNew = 'attribute_not_exists(#epoch) OR #epoch < :epoch OR (#epoch = :epoch AND #revision < :revision)' as const;
/** The event is another resync of the revision that was applied. */
const isOtherResync = '(#epoch = :epoch AND #revision = :revision AND #eventId <> :eventId)' as const;
/** No newer event was begun: it may have been applied, even if nobody has said so. */
const isNotOvertaken =
  'attribute_not_exists(begunEpoch) OR begunEpoch < :epoch OR (begunEpoch = :epoch AND begunRevision <= :revision)' as const;
/** Nobody is at this user, as far as leases tell. */
const isFree = 'attribute_not_exists(leaseUntil) OR leaseUntil <= :now' as const;

const names = { '#epoch': 'epoch', '#revision': 'revision', '#eventId': 'eventId' };

/**
 * A consumer's table in DynamoDB. It needs GetItem, PutItem and UpdateItem. Every write is one conditional call on one
 * item, so it can be repeated by the SDK and by the queue.
 */
export function createConsumerTable({ client, tableName: TableName }: ConsumerTableOptions): ConsumerTable {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const read = async (pk: string) =>
    (await documents.send(new GetCommand({ TableName, Key: { pk }, ConsistentRead: true }))).Item;
  const update = (place: EventPlace, input: Update) =>
    documents.send(new UpdateCommand({ TableName, Key: { pk: userKey(place) }, ...input })).then(...conditionally);
  return {
    write(place, attributes) {
      const own = ownUpdate(attributes);
      return update(place, {
        UpdateExpression: own.expression([...applied, 'connectionId = :connectionId', 'userId = :userId']),
        ConditionExpression: newness(place),
        ExpressionAttributeNames: { ...names, ...own.names },
        ExpressionAttributeValues: {
          ...valuesOf(place),
          ':connectionId': place.connectionId,
          ':userId': place.userId,
          ...own.values,
        },
      });
    },
    async claim(place, { holder, nowMs, untilMs }) {
      const isClaimed = await update(place, {
        UpdateExpression:
          'SET begunEpoch = :epoch, begunRevision = :revision, leaseHolder = :holder, leaseUntil = :until, connectionId = :connectionId, userId = :userId',
        ConditionExpression: `(${newness(place)}) AND (${isNotOvertaken}) AND (${isFree})`,
        ExpressionAttributeNames: place.isResync ? names : { '#epoch': 'epoch', '#revision': 'revision' },
        ExpressionAttributeValues: {
          ...valuesOf(place, place.isResync),
          ':connectionId': place.connectionId,
          ':userId': place.userId,
          ':holder': holder,
          ':now': nowMs,
          ':until': untilMs,
        },
      });
      return isClaimed ? 'claimed' : whyNot(place, (await read(userKey(place))) ?? {});
    },
    confirm: (place, holder) =>
      update(place, {
        UpdateExpression: `SET ${applied.join(', ')} REMOVE leaseHolder, leaseUntil`,
        ConditionExpression: 'leaseHolder = :holder',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ...valuesOf(place), ':holder': holder },
      }),
    async readSequences(connectionId) {
      const item = await read(sequenceKey(connectionId));
      return item && { version: item.version as number, value: item.seen as SeenSequences };
    },
    writeSequences: (connectionId, version, seen) =>
      documents
        .send(
          new PutCommand({
            TableName,
            Item: { pk: sequenceKey(connectionId), version: version + 1, seen },
            ConditionExpression: version === 0 ? 'attribute_not_exists(pk)' : 'version = :version',
            ...(version > 0 && { ExpressionAttributeValues: { ':version': version } }),
          }),
        )
        .then(...conditionally),
  };
}

type Update = {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, unknown>;
};

const applied = ['#epoch = :epoch', '#revision = :revision', '#eventId = :eventId'];

function newness({ isResync }: EventPlace): string {
  return isResync ? `${isNew} OR ${isOtherResync}` : isNew;
}

function valuesOf({ epoch, revision, eventId }: EventPlace, withId = true): Record<string, unknown> {
  return { ':epoch': epoch, ':revision': revision, ...(withId && { ':eventId': eventId }) };
}

/** What stood in the way. The first two stay true for ever; everything else passes. */
function whyNot({ epoch, revision, eventId, isResync }: EventPlace, item: OwnAttributes): Exclude<Claim, 'claimed'> {
  const compare = (otherEpoch: unknown, otherRevision: unknown) =>
    otherEpoch === undefined ? 1 : epoch - Number(otherEpoch) || revision - Number(otherRevision);
  const order = compare(item.epoch, item.revision);
  if (order < 0 || (order === 0 && !(isResync && item.eventId !== eventId))) return 'stale';
  return compare(item.begunEpoch, item.begunRevision) < 0 ? 'superseded' : 'busy';
}

/** True for a write that was done, false for one whose condition was not met. */
const conditionally = [
  () => true,
  (cause: unknown): false => {
    if (cause instanceof Error && cause.name === 'ConditionalCheckFailedException') return false;
    throw cause;
  },
] as const;

/** No name of a connection holds a `#`; the id of a user, which may, stands last. */
function userKey({ connectionId, userId }: EventPlace): string {
  return `user#${connectionId}#${userId}`;
}

function sequenceKey(connectionId: string): string {
  return `sequence#${connectionId}`;
}
