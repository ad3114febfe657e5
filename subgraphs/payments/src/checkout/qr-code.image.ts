import { renderSVG } from 'uqr';

/**
 * A QR code (ISO/IEC 18004) as an SVG picture, with the quiet zone of four modules that scanners need. Level M survives
 * a scratched or dirty screen.
 */
export function drawQrCode(text: string): string {
  return renderSVG(text, { ecc: 'M', border: 4 });
}
