declare module '@20minutes/s3rver' {
  import type { AddressInfo } from 'node:net';

  /** What of the S3-compatible server the tests use; it brings no types. */
  export default class S3rver {
    static readonly defaultOptions: Record<string, unknown>;
    constructor(options: {
      address: string;
      port: number;
      silent: boolean;
      allowMismatchedSignatures: boolean;
      directory: string;
      configureBuckets: { name: string; configs: string[] }[];
    });
    run(): Promise<AddressInfo>;
    close(): Promise<void>;
  }
}
