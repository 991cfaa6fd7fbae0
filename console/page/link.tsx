import type { ComponentChildren } from 'preact';
import { go } from './place.ts';

type LinkProps = {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  /** The place of a row among the rows of the page. */
  readonly 'data-row'?: number;
  /** What a row is found again by. */
  readonly 'data-key'?: string;
  readonly 'aria-current'?: 'true' | 'page' | undefined;
  readonly 'aria-expanded'?: boolean;
};

/** A link within the page; with a modifier key, the browser's own. */
export function Link({ to, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} onClick={follow} {...rest}>
      {children}
    </a>
  );
}
