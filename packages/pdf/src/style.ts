import type { PdfTone } from './pdf-document.ts';

/** The house look. Lengths are in points: 1/72 inch. */
export const page = { width: 595.28, height: 841.89, margin: 44, bottom: 70 } as const;

/** Width between the margins. */
export const contentWidth = page.width - 2 * page.margin;

/** Space between two blocks. */
export const blockGap = 20;

export const colors = {
  band: '#12233f',
  bandText: '#ffffff',
  bandMuted: '#c3cfe2',
  accent: '#1f5bd8',
  text: '#16202e',
  muted: '#5c6a7d',
  line: '#dbe1ea',
  shade: '#f1f4f9',
} as const;

export const toneColors: Record<PdfTone, string> = { good: '#157347', bad: '#b3261e', neutral: '#46566c' };

/** How a text is set. */
export interface TextStyle {
  readonly weight: 'regular' | 'semibold';
  readonly size: number;
  readonly color: string;
}

export const styles = {
  issuer: { weight: 'semibold', size: 17, color: colors.bandText },
  title: { weight: 'semibold', size: 15, color: colors.bandText },
  bandLine: { weight: 'regular', size: 8.5, color: colors.bandMuted },
  reference: { weight: 'regular', size: 10, color: colors.bandText },
  status: { weight: 'semibold', size: 9, color: colors.bandText },
  running: { weight: 'regular', size: 8.5, color: colors.bandText },
  heading: { weight: 'semibold', size: 10.5, color: colors.accent },
  label: { weight: 'regular', size: 8, color: colors.muted },
  value: { weight: 'regular', size: 10, color: colors.text },
  tableHeader: { weight: 'semibold', size: 8.5, color: colors.text },
  cell: { weight: 'regular', size: 9, color: colors.text },
  total: { weight: 'regular', size: 9.5, color: colors.text },
  grandTotal: { weight: 'semibold', size: 12, color: colors.text },
  paragraph: { weight: 'regular', size: 9.5, color: colors.text },
  footnote: { weight: 'regular', size: 7.5, color: colors.muted },
} as const satisfies Record<string, TextStyle>;
