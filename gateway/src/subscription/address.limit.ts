import { isIPv6 } from 'node:net';

/** Mobile networks put many people behind one address. */
export const defaultMaxPerAddress = 2_000;

/** Counts the sockets and event streams that each client address has open. */
export class AddressLimit {
  readonly #max: number;
  readonly #open = new Map<string, number>();

  /** @param max how many one address may have at a time; default 2 000. */
  constructor(max = defaultMaxPerAddress) {
    this.#max = max;
  }

  /** Takes a place. @returns gives it back, once; undefined when the address has as many as it may. */
  take(address: string): (() => void) | undefined {
    const network = networkOf(address);
    const count = this.#open.get(network) ?? 0;
    if (count >= this.#max) return undefined;
    this.#open.set(network, count + 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#giveBack(network);
      isTaken = false;
    };
  }

  #giveBack(network: string): void {
    const left = (this.#open.get(network) ?? 0) - 1;
    if (left > 0) this.#open.set(network, left);
    else this.#open.delete(network);
  }
}

/** An IPv6 client has all addresses of its network to choose from (RFC 4291 §2.5.4: the first 64 bits name it). */
function networkOf(address: string): string {
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [left = [], right = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
