import { describe, expect, it, onTestFinished } from 'vitest';
import { itemBytes, type StoredItem } from '../../../bench/item-size.ts';
import { startMeteredFeed } from '../../../bench/metered-feed.ts';

describe('padPeople', () => {
  it.each([{ userBytes: 1_000 }, { userBytes: 2_000 }])(
    'makes entries of $userBytes bytes, or a twentieth less',
    async (ask) => {
      const sizes: number[] = [];
      const feed = await startMeteredFeed(300, {
        ...ask,
        changeable: 20,
        onClients: ({ table }) =>
          table.middlewareStack.add(
            (next) => (args) => {
              const { Item } = args.input as { readonly Item?: StoredItem };
              if (String(Item?.pk).includes('#entries#')) sizes.push(itemBytes(Item ?? {}));
              return next(args);
            },
            { step: 'initialize', priority: 'low' },
          ),
      });
      onTestFinished(feed.close);

      await feed.sweep();
      feed.change(20);
      await feed.sweep();

      expect(sizes).toHaveLength(20);
      expect(Math.min(...sizes)).toBeGreaterThan(0.95 * ask.userBytes);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(ask.userBytes);
    },
  );
});
