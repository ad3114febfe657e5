import type { Actor, ClientInfo } from '@suvidha/auth';

/** What a resolver knows of the request it serves. */
export interface SubgraphContext {
  readonly actor: Actor;
  /** Identifies the client's request in the logs of every service it passes. */
  readonly requestId: string;
  /** Where the client's request came from; empty when one of our own processes asks. */
  readonly client: ClientInfo;
}
