import { eventStream } from './event-stream.format.ts';
import type { StreamFormat } from './http.stream.ts';
import { multipart } from './multipart.format.ts';

/** How a client takes an answer that goes on. */
export interface StreamOffer {
  readonly format: StreamFormat;
  /** Whether it would rather have its answer in one piece, if there is one. */
  readonly isSecondChoice: boolean;
}

/**
 * Reads an `Accept` header (RFC 9110 §12.5.1); of types that are equally welcome the first counts.
 * @returns undefined when the client takes no stream.
 */
export function findStreamOffer(accept = ''): StreamOffer | undefined {
  if (!/event-stream|subscriptionSpec/i.test(accept)) return undefined;
  const ranges = accept
    .split(',')
    .map((range) => ({ range, weight: weightOf(range) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const formats = ranges.map(({ range }) => formatOf(range));
  const first = formats.findIndex(Boolean);
  const format = formats[first];
  if (!format) return undefined;
  const isSecondChoice = ranges.slice(0, first).some(({ range }) => takesOnePiece(range));
  return { format, isSecondChoice };
}

function weightOf(range: string): number {
  return Number(/;\s*q=([\d.]+)/i.exec(range)?.[1] ?? 1);
}

function formatOf(range: string): StreamFormat | undefined {
  if (/^\s*text\/event-stream/i.test(range)) return eventStream;
  return /^\s*multipart\/mixed[^,]*;\s*subscriptionSpec="?1\.0/i.test(range) ? multipart : undefined;
}

function takesOnePiece(range: string): boolean {
  return /^\s*(application\/(graphql(-response)?\+)?json|application\/\*|\*\/\*)/i.test(range);
}
