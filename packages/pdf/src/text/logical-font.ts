import type { Font } from 'fontkit';

const zeroWidthSpace = 0x200b;

/** What PDFKit uses of a shaped text. */
interface ShapedText {
  glyphs: readonly {
    readonly id: number;
    readonly advanceWidth: number;
    readonly codePoints: readonly number[];
  }[];
}

/** What PDFKit uses of the part of a font that goes into a document. */
interface FontSubset {
  /** Takes a glyph in and answers its code in the document. */
  includeGlyph(glyphId: number): number;
  /** Glyphs by their code. */
  readonly glyphs: number[];
}

/** Above the ids of real glyphs, which have 16 bits. */
const firstVariantId = 0x1_0000;

/**
 * A font whose texts can be copied and searched as they were written.
 *
 * Devanagari is drawn in another order than it is written (the i of हि stands before its consonant), and several
 * characters may share a glyph. PDFKit tells a reader one text per glyph, so readers would find the drawn order. Here the
 * characters of a text go to its glyphs in the order they were written, and a glyph that stands for different
 * characters in different places is taken into the document once for each.
 *
 * One per document: it knows what the document holds. The font itself can be shared.
 */
export function createLogicalFont(font: Font): Font {
  const variants = new Map<string, number>();
  const glyphOf: number[] = [];
  const toVariant = (glyphId: number, codePoints: readonly number[]): number => {
    const key = `${glyphId}:${codePoints}`;
    const known = variants.get(key);
    if (known !== undefined) return known;
    variants.set(key, firstVariantId + glyphOf.length);
    return firstVariantId + glyphOf.push(glyphId) - 1;
  };
  const layout = (text: string, ...rest: never[]) => {
    const shaped = font.layout(text, ...rest) as ShapedText;
    const shares = shareOut([...text].map(toCodePoint), shaped.glyphs.length);
    shaped.glyphs = shaped.glyphs.map(({ id, advanceWidth }, index) => {
      const codePoints = shares[index] ?? [];
      return { id: toVariant(id, codePoints), advanceWidth, codePoints };
    });
    return shaped;
  };
  const createSubset = () => {
    const subset = font.createSubset() as unknown as FontSubset;
    const codes = new Map<number, number>();
    subset.includeGlyph = includeVariants(subset, codes, (variant) => glyphOf[variant - firstVariantId]);
    return subset;
  };
  return Object.create(font, { layout: { value: layout }, createSubset: { value: createSubset } }) as Font;
}

/** Real glyphs come from the subset itself, which draws some glyphs from parts of others. */
function includeVariants(
  subset: FontSubset,
  codes: Map<number, number>,
  glyphOf: (variant: number) => number | undefined,
): FontSubset['includeGlyph'] {
  const includeReal = subset.includeGlyph.bind(subset);
  return (id) => {
    const glyphId = glyphOf(id);
    if (glyphId === undefined) return includeReal(id);
    const code = codes.get(id) ?? subset.glyphs.push(glyphId) - 1;
    codes.set(id, code);
    return code;
  };
}

/** One character for each glyph, in order; what is left goes to the last. Nothing at all would be read as a fault. */
function shareOut(codePoints: readonly number[], glyphCount: number): number[][] {
  return Array.from({ length: glyphCount }, (_, index) => {
    const isLast = index === glyphCount - 1;
    const share = isLast ? codePoints.slice(index) : codePoints.slice(index, index + 1);
    return share.length > 0 ? share : [zeroWidthSpace];
  });
}

function toCodePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
