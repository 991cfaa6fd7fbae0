import type { Json } from '../../src/model/json.ts';

/** What became of an input, in a few words: refusals of another kind are worth another look. */
export type FuzzOutcome = { readonly kind: 'accepted' | 'refused'; readonly note: string };

/** One edge of the program, over which anything may come. */
export type FuzzTarget = {
  /** Good inputs, of which others are made. Whole: an input says everything there is to say about a try. */
  readonly corpus: readonly Json[];
  /** @throws Broken, or anything else that must not be thrown */
  run(input: Json): Promise<FuzzOutcome>;
  /** What has to be in order between inputs; asked now and then. @throws Broken */
  check?(): Promise<void>;
  close?(): Promise<void>;
};

/** Something that must not be. `rule` names what is broken, and is the same as long as that is. */
export class Broken extends Error {
  readonly rule: string;

  constructor(rule: string, message: string, options?: ErrorOptions) {
    super(`${rule}: ${message}`, options);
    this.name = 'Broken';
    this.rule = rule;
  }
}
