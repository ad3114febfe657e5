const yearInIndia = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Kolkata', year: 'numeric' });

/** Receipts of one kind and one calendar year in India count up together. */
export function toSeries(kind: 'PAYMENT' | 'REFUND', issuedAt: Date): string {
  return `${kind === 'REFUND' ? 'RR' : 'R'}-${yearInIndia.format(issuedAt)}`;
}

/** Such as `R-2026-000001`. */
export function toNumber(series: string, count: number): string {
  return `${series}-${String(count).padStart(6, '0')}`;
}
