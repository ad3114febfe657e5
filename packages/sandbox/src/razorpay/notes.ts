/** Key-value pairs of the merchant's own. */
export type Notes = Record<string, string>;
