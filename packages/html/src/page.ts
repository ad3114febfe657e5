import { type Html, html } from './html.ts';

/** A whole document, light or dark as its reader likes it, for a phone as for a desk. */
export interface Page {
  readonly title: string;
  /** Address of its style sheet. */
  readonly stylesheet: string;
  /** Classes of the body. Default: none. */
  readonly className?: string;
  readonly content: Html;
}

export function renderPage({ title, stylesheet, className, content }: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${title}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="${stylesheet}">
</head>
<body class="${className}">
${content}
</body>
</html>
`;
}
