/** Where a client's request came from, as the gateway saw it. Nothing in it proves who somebody is. */
export interface ClientInfo {
  /** IP address of the client: of its connection, or as told by a proxy that is trusted. */
  readonly address?: string;
  /** Origin of the web page that sent the request, unless it is a page of the gateway's own. Absent: no browser. */
  readonly origin?: string;
  /** What the client calls itself, cut to a length that may be stored. */
  readonly userAgent?: string;
}

/** A call whose client is not known: one of our own processes, for example. */
export const unknownClient: ClientInfo = Object.freeze({});
