import { type Call, type Step, toAnyCall } from './calls.ts';
import { Holds } from './holds.ts';
import { type Fault, Scenarios } from './scenarios.ts';

/** Everything that can be made to go wrong, for every party. */
export class Faults {
  readonly holds = new Holds();
  readonly scenarios = new Scenarios();

  /**
   * Each party calls this at each step of each call: it waits while the point is held, then says which fault
   * strikes, which the party acts out in its own manner.
   *
   * @throws the signal's reason when it aborts while the call is held
   */
  async strike(at: { call: Call; step: Step; event?: string; signal: AbortSignal }): Promise<Fault | null> {
    const any = toAnyCall(at.call);
    await this.holds.pass(`${at.call}.${at.step}`, at.signal);
    if (any !== null) await this.holds.pass(`${any}.${at.step}`, at.signal);
    return this.scenarios.take(at) ?? (any === null ? null : this.scenarios.take({ ...at, call: any }));
  }

  /** Everything works again; what is held is dropped. */
  clear(): void {
    this.scenarios.clear();
    this.holds.dropAll();
  }
}
