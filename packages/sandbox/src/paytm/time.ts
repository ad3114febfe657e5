const IST_OFFSET_MS = 5.5 * 60 * 60 * 1000;

/** The moment that a merchant writes as `2026-01-31 18:05:00`, in Indian time. */
export function parseIndianTime(text: string): Date {
  return new Date(`${text.replace(' ', 'T')}+05:30`);
}

/** A moment as Paytm writes it: Indian time, `2026-01-31 18:05:00.0`. */
export function toIndianTime(date: Date): string {
  const iso = new Date(date.getTime() + IST_OFFSET_MS).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}.0`;
}
