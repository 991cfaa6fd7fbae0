import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { FeedError } from '../../../../src/model/feed-error.ts';
import { cursor } from '../../../../src/model/ids.ts';
import { readCursor, writeCursor } from '../../../../src/vendors/http/page-cursor.ts';

const schema = z.object({ page: z.int() });
const place = {
  vendor: 'acme',
  connectionId: 'acme-main',
  url: new URL('https://users.example.com/users'),
  secrets: [],
};

describe('readCursor', () => {
  it('reads what another process wrote', () => {
    const stored = JSON.parse(JSON.stringify({ cursor: writeCursor({ page: 3 }) })) as { cursor: string };

    expect(readCursor(cursor(stored.cursor), schema, place)).toStrictEqual({ page: 3 });
  });

  it.each(['', '{', 'null', '{"page":"3"}', '{"offset":3}', '[3]'])('rejects the cursor %s', (stored) => {
    const read = () => readCursor(cursor(stored), schema, place);

    expect(read).toThrow(FeedError);
    expect(read).toThrow(expect.objectContaining({ code: 'vendor.cursor_rejected' }));
  });
});
