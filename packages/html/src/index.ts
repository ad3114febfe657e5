export { Html, html } from './html.ts';
export { type Page, renderPage } from './page.ts';
