import type { GatewayName, PaymentGatewayPort } from '../providers/payment-gateway.ts';
import { rankGateways } from './gateway-choice.rules.ts';

/** What a payer may choose. */
export type GatewayChoice = 'AUTO' | GatewayName;

export interface ChosenFor {
  readonly amountMinor: number;
  readonly currency: string;
}

/** The vendors that this installation has contracts with. */
export class Gateways {
  readonly #byName: ReadonlyMap<GatewayName, PaymentGatewayPort>;

  constructor(ports: readonly PaymentGatewayPort[]) {
    this.#byName = new Map(ports.map((port) => [port.terms.name, port]));
  }

  all(): readonly PaymentGatewayPort[] {
    return [...this.#byName.values()];
  }

  find(name: GatewayName): PaymentGatewayPort | null {
    return this.#byName.get(name) ?? null;
  }

  /** @throws Error when the vendor of a stored payment is not configured any more: its secrets are needed to go on. */
  get(name: GatewayName): PaymentGatewayPort {
    const port = this.find(name);
    if (!port) throw new Error(`the gateway ${name} is not configured`);
    return port;
  }

  /** The vendors that may take this money, best first. Empty: none takes the currency. */
  offer(choice: GatewayChoice, money: ChosenFor): readonly PaymentGatewayPort[] {
    const wanted = this.all().filter(({ terms }) => choice === 'AUTO' || terms.name === choice);
    return rankGateways(wanted, money);
  }
}
