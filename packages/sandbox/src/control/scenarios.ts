import type { Call, FaultName, Step } from './calls.ts';

/** What shall go wrong, where, and how often. */
export interface Scenario {
  call: Call;
  step: Step;
  fault: FaultName;
  /** How many calls are still to be struck. */
  times: number;
  /** For `delayed`. */
  delayMs: number;
  /** Only webhooks of this event; null strikes any. */
  event: string | null;
}

/** A fault that strikes one call now. */
export interface Fault {
  name: FaultName;
  delayMs: number;
  /** How many more calls the same scenario will strike. */
  remaining: number;
}

/** The scenarios still to be played, oldest first. */
export class Scenarios {
  private scenarios: Scenario[] = [];

  add(scenario: Scenario): void {
    this.scenarios.push({ ...scenario });
  }

  list(): Scenario[] {
    return this.scenarios.map((scenario) => ({ ...scenario }));
  }

  clear(): void {
    this.scenarios = [];
  }

  /** The fault for this call, used up by taking it; null when none is due. */
  take(at: { call: Call; step: Step; event?: string }): Fault | null {
    const scenario = this.scenarios.find(
      (candidate) =>
        candidate.call === at.call &&
        candidate.step === at.step &&
        (candidate.event === null || candidate.event === at.event),
    );
    if (scenario === undefined) return null;
    scenario.times -= 1;
    this.scenarios = this.scenarios.filter((candidate) => candidate.times > 0);
    return { name: scenario.fault, delayMs: scenario.delayMs, remaining: scenario.times };
  }
}
