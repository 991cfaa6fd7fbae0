import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** Styles a text, or leaves it alone. */
export type Paint = (style: Style, text: string) => string;

/** For whatever is no terminal. */
export const plainPaint: Paint = (_, text) => text;

/** Colours where a stream is a terminal that shows them; NO_COLOR and FORCE_COLOR have the last word. */
export function paintFor(stream: NodeJS.WritableStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}
