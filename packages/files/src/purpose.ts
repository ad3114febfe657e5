import type { ContentFacts } from './content/content-inspector.ts';
import type { ContentType } from './content/content-type.ts';

/** A content that has arrived and is not readable yet. */
export interface UninspectedContent {
  readonly facts: ContentFacts;
  /** Its bytes, from the beginning. */
  open(): Promise<AsyncIterable<Buffer>>;
}

/** What files of one kind may be, such as product images or identity documents. */
export interface FilePurpose {
  readonly types: readonly ContentType[];
  readonly maxBytes: number;
  /** Largest width times height of an image: what a decoder would have to hold. Default 50 million. */
  readonly maxPixels?: number;
  /** One key for all files of a subject, or one for each file. Either can be destroyed. */
  readonly keyPer: 'subject' | 'file';
  /** Whether pages of other sites may show it, as a shop's page shows product images. Default false. */
  readonly isEmbeddable?: boolean;
  /**
   * A last look at an uploaded content, such as decoding it within limits.
   * @throws FileError `FILE_REFUSED` to refuse it; another error means that the upload may be tried again
   */
  readonly inspect?: (content: UninspectedContent) => Promise<void>;
}

/** The purposes of a subgraph by their names. */
export type FilePurposes = Readonly<Record<string, FilePurpose>>;

export const defaultMaxPixels = 50_000_000;
