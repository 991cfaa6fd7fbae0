import type { WireRow } from '../simulated-vendor.ts';
import type { Spot, Traps } from '../traps.ts';

const usersPath = '/api/v3/users';
const maxPageSize = 1000;
/** Assumed: the documentation does not state it. */
const defaultPageSize = 20;

/** What is no number, or not above 0, is page 1, without a word. Source: lib/api/decorators/offset_paginated_collection.rb. */
export function readPageNumber(parameters: URLSearchParams): number {
  return Math.max(1, readInteger(parameters.get('offset') ?? '1'));
}

/** Source: lib/api/utilities/page_size_helper.rb: too large means the maximum, and so does -1; 0 asks for the total
 *  alone. Assumed: other negative numbers are 0. */
export function readPageSize(traps: Traps, spot: Spot, parameters: URLSearchParams): number {
  const asked = readInteger(parameters.get('pageSize') ?? String(defaultPageSize));
  const size = asked === -1 ? maxPageSize : Math.min(Math.max(0, asked), maxPageSize);
  if (size <= (traps.armed().capPageSize?.size ?? maxPageSize)) return size;
  return traps.fire('capPageSize', spot)?.size ?? size;
}

/** As Ruby's `to_i`: the digits at the front, or 0. */
function readInteger(text: string): number {
  return Number(/^\s*-?\d+/.exec(text)?.[0] ?? 0);
}

/** Source: lib/api/decorators/offset_paginated_collection.rb. */
export function toCollectionLinks(
  parameters: URLSearchParams,
  { offset, pageSize, next }: { offset: number; pageSize: number; next: number | null },
): WireRow {
  const kept = [...parameters].filter(([name]) => name === 'filters' || name === 'sortBy');
  const link = (page: number | string, size: number | string, templated = {}) => {
    const query = new URLSearchParams([...kept, ['offset', String(page)], ['pageSize', String(size)]]);
    return { href: `${usersPath}?${query}`, ...templated };
  };
  return {
    self: link(offset, pageSize),
    jumpTo: link('{offset}', pageSize, { templated: true }),
    changeSize: link(offset, '{size}', { templated: true }),
    ...(offset > 1 ? { previousByOffset: link(offset - 1, pageSize) } : {}),
    ...(next === null ? {} : { nextByOffset: link(next, pageSize) }),
  };
}
