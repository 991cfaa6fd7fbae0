/** Which feed a console shows, and what can be done with it. */
export type ToldFeed = {
  /** For people: `ucf dev`, a state folder or a stack. */
  readonly name: string;
  readonly hasSimulators: boolean;
  /** How often a page may ask again for what it shows. */
  readonly refreshSeconds: number;
  /** The clock of the server: the page counts ages from it. */
  readonly now: string;
};
