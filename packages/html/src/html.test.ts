import { expect, it } from 'vitest';
import { html } from './html.ts';

it('escapes every value, but not what is HTML already', () => {
  const value = `<img src=x onerror="alert('1')"> &`;
  expect(html`<p title="${value}">${html`<b>${value}</b>`}</p>`.text).toBe(
    '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp;">' +
      '<b>&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp;</b></p>',
  );
});

it('joins lists and leaves out what is absent', () => {
  expect(html`<ul>${[html`<li>${1}</li>`, html`<li>${2}</li>`]}${null}${undefined}</ul>`.text).toBe(
    '<ul><li>1</li><li>2</li></ul>',
  );
});
