import { type Html, html } from '@suvidha/html';
import type { Locale } from '../message.ts';
import type { MailContent } from './mail-content.ts';
import { footers, linkHints } from './words.ts';

/**
 * Looks that hold in real mail programs: tables for layout, because Outlook draws with Word; every style inline, because
 * some programs drop style sheets; no image, because most block them. The style sheet in the head only adds what may
 * be missing: dark colours, and less margin on a phone.
 */
const font =
  "font-family:'Segoe UI',-apple-system,Roboto,'Helvetica Neue',Arial,'Noto Sans Devanagari','Nirmala UI',Mangal,sans-serif";
const paragraph = `${font};font-size:16px;line-height:26px;color:#26323f;margin:0 0 16px`;
const small = `${font};font-size:13px;line-height:20px;color:#5c6b7a;margin:0 0 8px`;

const head = html`<style>
  @media (max-width: 620px) { .card { padding: 28px 22px !important } .page { padding: 12px 8px !important } }
  @media (prefers-color-scheme: dark) {
    .page, body { background: #10161d !important }
    .card { background: #1a232d !important; border-color: #2b3947 !important }
    .brand { color: #5cc4d2 !important }
    .card h1, .card p, .card td { color: #e8eef4 !important }
    .card td, .card table { border-color: #2b3947 !important }
    .quiet, .card .quiet { color: #9fb0c0 !important }
    .code { background: #12303a !important; color: #d5f3f7 !important }
  }
</style>`;

/** The HTML part of a mail. */
export function toMailHtml(content: MailContent, locale: Locale): string {
  const { subject, heading, lead } = content;
  return html`<!doctype html>
<html lang="${locale}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${subject}</title>
${head}
</head>
<body style="margin:0;padding:0;background:#eef2f5">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${lead}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#eef2f5" class="page"><tr>
<td align="center" style="padding:32px 16px" class="page">
<table role="presentation" width="560" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:560px">
<tr><td class="brand" style="padding:0 4px 16px;${font};font-size:18px;line-height:24px;font-weight:700;color:#0b6e7c">${brands[locale]}</td></tr>
<tr><td class="card" style="background:#ffffff;border:1px solid #dde4ea;border-radius:10px;padding:36px 40px">
<h1 style="${font};font-size:22px;line-height:30px;font-weight:700;color:#15202b;margin:0 0 16px">${heading}</h1>
<p style="${paragraph}">${lead}</p>
${toBody(content, locale)}
</td></tr>
<tr><td style="padding:20px 4px 0"><p class="quiet" style="${small}">${footers[locale]}</p></td></tr>
</table>
</td></tr></table>
</body>
</html>
`.text;
}

const brands: Readonly<Record<Locale, string>> = { en: 'Suvidha', hi: 'सुविधा' };

function toBody({ code, rows, button, notes = [] }: MailContent, locale: Locale): Html[] {
  return [
    ...(code ? [toCode(code)] : []),
    ...(rows ? [toRows(rows)] : []),
    ...(button ? [toButton(button)] : []),
    ...notes.map((note) => html`<p style="${paragraph}">${note}</p>\n`),
    ...(button ? [toLinkHint(button.link, locale)] : []),
  ];
}

/** Large enough to be read across a desk; one tap selects it. */
function toCode(code: string): Html {
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 20px"><tr>
<td align="center" class="code" style="background:#e6f4f6;border-radius:8px;padding:18px 12px 18px 20px;font-family:Consolas,Menlo,'Courier New',monospace;font-size:32px;line-height:40px;font-weight:700;letter-spacing:8px;color:#0b4a54">${code}</td>
</tr></table>
`;
}

function toRows(rows: NonNullable<MailContent['rows']>): Html {
  const cells = rows.map(
    ([name, value]) => html`<tr>
<td class="quiet" valign="top" style="${font};font-size:14px;line-height:22px;color:#5c6b7a;padding:9px 16px 9px 0;border-top:1px solid #e6ebf0">${name}</td>
<td align="right" valign="top" style="${font};font-size:14px;line-height:22px;font-weight:600;color:#15202b;padding:9px 0;border-top:1px solid #e6ebf0">${value}</td>
</tr>
`,
  );
  return html`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:4px 0 20px;border-bottom:1px solid #e6ebf0">${cells}</table>
`;
}

/** The padding is the cell's, because Outlook gives none to links. */
function toButton({ label, link }: NonNullable<MailContent['button']>): Html {
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:4px 0 24px"><tr>
<td align="center" bgcolor="#0b6e7c" style="border-radius:8px;padding:13px 28px"><a href="${link}" target="_blank" style="${font};font-size:16px;line-height:22px;font-weight:600;color:#ffffff;text-decoration:none;display:inline-block">${label}</a></td>
</tr></table>
`;
}

function toLinkHint(link: string, locale: Locale): Html {
  return html`<p class="quiet" style="${small}">${linkHints[locale]}<br><a href="${link}" class="quiet" style="color:#0b6e7c;word-break:break-all">${link}</a></p>
`;
}
