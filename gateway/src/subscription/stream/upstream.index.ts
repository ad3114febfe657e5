import { Upstream, type UpstreamOptions, type UpstreamOwner } from './upstream.ts';

/** The streams that are open, by what they bring. There are several of a kind when they began after different cursors. */
export class UpstreamIndex implements UpstreamOwner {
  readonly #upstreams = new Map<string, Upstream[]>();

  /** @returns one that somebody can join who wants to begin after a cursor. */
  find(key: string, after: string | undefined): Upstream | undefined {
    return this.#upstreams.get(key)?.find((upstream) => upstream.isJoinable(after));
  }

  /** Adds one that is still to be started. */
  add(options: UpstreamOptions): Upstream {
    const upstream = new Upstream(this, options);
    const others = this.#upstreams.get(options.key);
    if (others) others.push(upstream);
    else this.#upstreams.set(options.key, [upstream]);
    return upstream;
  }

  delete(upstream: Upstream): void {
    const others = (this.#upstreams.get(upstream.key) ?? []).filter((other) => other !== upstream);
    if (others.length > 0) this.#upstreams.set(upstream.key, others);
    else this.#upstreams.delete(upstream.key);
  }
}
