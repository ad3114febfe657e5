import { type Html, html, renderPage } from '@suvidha/html';
import type { Preview } from './previews.ts';

interface Numbered extends Preview {
  readonly index: number;
}

/** Every template, with each of its channels in every language side by side. */
export function renderMessages(previews: readonly Preview[]): Html {
  const numbered = previews.map((preview, index) => ({ ...preview, index }));
  const groups = [...Map.groupBy(numbered, ({ template }) => template)];
  return renderPage({
    title: 'Messages · Suvidha provider sandbox',
    stylesheet: '/assets/messages.css',
    content: html`<header>
  <div>
    <h1>Messages</h1>
    <p>Every text that the product sends, with sample values. <a href="/">Back to the inbox</a></p>
  </div>
</header>
<div class="page">
  <nav aria-label="Templates">${groups.map(([name]) => html`<a href="#${name}">${name}</a>`)}</nav>
  <main>
    ${groups.length === 0 ? html`<p class="empty">No messages to show: the product has not handed them over. It does when it starts.</p>` : null}
    ${groups.map(([name, members]) => renderTemplate(name, members))}
  </main>
</div>`,
  });
}

function renderTemplate(name: string, members: readonly Numbered[]): Html {
  const channels = [...Map.groupBy(members, ({ channel }) => channel)];
  return html`<section id="${name}">
  <h2>${name}</h2>
  ${channels.map(
    ([channel, versions]) => html`<h3><span class="tag ${channel.toLowerCase()}">${channel}</span></h3>
  <div class="versions">${versions.map(renderVersion)}</div>
  `,
  )}
</section>
`;
}

function renderVersion(version: Numbered): Html {
  return html`<article lang="${version.locale}">
    <p class="locale">${version.locale}</p>
    ${version.channel === 'EMAIL' ? renderMail(version) : renderBubble(version)}
  </article>
  `;
}

function renderMail({ template, locale, subject, text, index }: Numbered): Html {
  return html`<p class="subject">${subject}</p>
    <iframe src="/messages/${index}.html" title="${template} ${locale}" sandbox loading="lazy"></iframe>
    <details><summary>Text part</summary><pre>${text}</pre></details>`;
}

function renderBubble({ channel, subject, text }: Numbered): Html {
  return html`<div class="bubble ${channel.toLowerCase()}">
      ${subject === null ? null : html`<strong>${subject}</strong>`}
      <p>${text}</p>
    </div>`;
}
