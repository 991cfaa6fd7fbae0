import * as z from 'zod/mini';
import { type ConnectionId, connectionId } from '../model/ids.ts';
import type { PlaceStore, SweepPlaces } from '../sweep/dispatch-ports.ts';
import { placesKey } from './keys.ts';
import { readPart } from './read-part.ts';
import { ttlAttribute } from './table.ts';
import { type Item, isNotThere, type TableClient } from './table-client.ts';

/** A budget that nobody has used for so long is forgotten. */
const retentionSeconds = 7 * 86_400;

const placesSchema = z.looseObject({
  budget: z.string(),
  places: z.record(z.string(), z.number()),
  revision: z.int(),
});

/** One small item for each budget: which connections have a place in it, and until when. */
export function createPlaceStore(table: TableClient, nowMs: () => number): PlaceStore {
  const expiry = () => Math.floor(nowMs() / 1000) + retentionSeconds;
  return {
    async readPlaces(budgets) {
      const items = await table.getMany(budgets.map(placesKey));
      const read = items.map(readPlacesItem);
      const found = new Map(read.map((places) => [places.budget, places]));
      return new Map(budgets.map((budget) => [budget, found.get(budget) ?? { budget, until: new Map(), revision: 0 }]));
    },
    async writePlaces({ budget, revision }, until) {
      const item = { budget, places: Object.fromEntries(until), revision: revision + 1, [ttlAttribute]: expiry() };
      return table.put({ ...placesKey(budget), ...item }, isRevision(revision));
    },
    async keepPlace(budget, id, untilMs, limit) {
      const hasPlace = 'attribute_exists(#places.#id)';
      const isFree = 'size(#places) < :limit';
      return table.update(placesKey(budget), `SET #places.#id = :until, ${touch}`, {
        expression: `${hasPlace} OR ${isFree}`,
        names: namesOf(id),
        values: { ':until': untilMs, ':limit': limit, ':one': 1, ':expiry': expiry() },
      });
    },
    async leavePlace(budget, id) {
      await table.update(placesKey(budget), `SET ${touch} REMOVE #places.#id`, {
        expression: 'attribute_exists(#places.#id)',
        names: namesOf(id),
        values: { ':one': 1, ':expiry': expiry() },
      });
    },
  };
}

/** Whoever has read it before must read it again before he replaces it. */
const touch = `revision = revision + :one, ${ttlAttribute} = :expiry`;

function namesOf(id: ConnectionId) {
  return { '#places': 'places', '#id': id };
}

function isRevision(revision: number) {
  if (revision === 0) return isNotThere;
  return { expression: 'revision = :revision', values: { ':revision': revision } };
}

function readPlacesItem(item: Item): SweepPlaces {
  const { budget, places, revision } = readPart(item, placesSchema, item, 'places_readable');
  return {
    budget,
    until: new Map(Object.entries(places).map(([id, until]) => [connectionId(id), until])),
    revision,
  };
}
