/** Parts that a round is made in. */
const partCount = 20;

/**
 * Visits each member once in a period, a part of them at a time: what little each visit costs would, of thousands at
 * once, be a pause that everybody else feels.
 */
export class Rounds<Member> {
  readonly #parts: readonly Set<Member>[] = Array.from({ length: partCount }, () => new Set<Member>());
  readonly #timer: NodeJS.Timeout;
  #added = 0;
  #visited = 0;

  /** @param periodMs how long a round takes, in milliseconds. */
  constructor(periodMs: number, visit: (member: Member) => void) {
    this.#timer = setInterval(() => {
      for (const member of this.#part(this.#visited)) visit(member);
      this.#visited += 1;
    }, periodMs / partCount).unref();
  }

  /** @returns takes the member out again. */
  add(member: Member): () => void {
    const part = this.#part(this.#added);
    this.#added += 1;
    part.add(member);
    return () => part.delete(member);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #part(turn: number): Set<Member> {
    return this.#parts[turn % partCount] as Set<Member>;
  }
}
