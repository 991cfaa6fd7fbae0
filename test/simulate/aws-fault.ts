/** An answer of the service that is an error. */
export class AwsFault extends Error {
  constructor(type: string, message: string) {
    super(message);
    this.name = type;
  }
}
