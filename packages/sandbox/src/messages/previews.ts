import { z } from 'zod';

/** One message with sample values, as the product would send it. */
export const preview = z.strictObject({
  template: z.string().min(1),
  locale: z.string().min(1),
  channel: z.enum(['SMS', 'EMAIL', 'PUSH']),
  subject: z.string().nullable(),
  text: z.string(),
  html: z.string().nullable(),
});
export type Preview = z.output<typeof preview>;

/** The messages to look at. The sandbox shares no code with the product: the product hands them over. */
export class Previews {
  private previews: readonly Preview[] = [];

  replace(previews: readonly Preview[]): void {
    this.previews = previews;
  }

  list(): readonly Preview[] {
    return this.previews;
  }

  /** The HTML of a mail by its place in the list; null where there is none. */
  findHtml(index: number): string | null {
    return this.previews[index]?.html ?? null;
  }
}
