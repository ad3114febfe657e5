import { type Html, html, renderPage } from '@suvidha/html';
import type { Brand, BrowserAnswer, Consent } from './authorization.ts';
import { nameOf, type Person, testPeople } from './person.ts';

const emailLabels: Readonly<Record<Consent['email'], string>> = {
  share: 'Share my e-mail address',
  hide: 'Hide my e-mail address',
  refuse: 'Do not share my e-mail address',
};

/** The page where a person chooses who they are and lets the app know, or not. */
export function renderConsentPage(brand: Brand): Html {
  return layout(
    brand,
    html`${renderHeader(brand)}
<form class="body" method="post">
  <fieldset>
    <legend>Choose an account</legend>
    ${Object.entries(testPeople).map(([id, person], index) => renderPerson(id, person, index === 0))}
    ${renderTypedPerson()}
  </fieldset>
  ${brand.emailChoices.length > 1 ? renderEmailChoices(brand) : null}
  <p class="hint">${brand.name} will share your name${brand.emailChoices.includes('share') ? ' and e-mail address' : ''}
    with ${brand.appName}.</p>
  <div class="buttons">
    <button class="quiet" name="decision" value="deny">Cancel</button>
    <button class="primary" name="decision" value="allow">Continue</button>
  </div>
</form>`,
  );
}

/** Told to the person when the app asked for something that it may not. */
export function renderRefusal(brand: Brand, problem: { code: string; message: string }): Html {
  return layout(
    brand,
    html`${renderHeader(brand)}
<div class="body">
  <h2>Access blocked: the request of ${brand.appName} is not valid</h2>
  <p>${problem.message}</p>
  <p class="hint">Error 400: <code>${problem.code}</code></p>
</div>`,
  );
}

/** Posts the answer to the app, as form_post does. */
export function renderFormPost(brand: Brand, answer: BrowserAnswer, nonce: string): Html {
  const inputs = Object.entries(answer.fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return layout(
    brand,
    html`${renderHeader(brand)}
<form class="body" id="answer" method="post" action="${answer.url}">${inputs}
  <p>Taking you back to ${brand.appName}…</p>
  <div class="buttons"><button class="primary">Continue</button></div>
</form>
<script nonce="${nonce}">document.getElementById('answer').submit()</script>`,
  );
}

function renderHeader(brand: Brand): Html {
  return html`<header>
  <div class="mark" aria-hidden="true">${brand.name.charAt(0)}</div>
  <div><p>Sign in with ${brand.name}</p><h1>to continue to ${brand.appName}</h1></div>
</header>`;
}

function renderPerson(id: string, person: Person, isFirst: boolean): Html {
  const address = person.email ?? 'no e-mail address';
  const note = person.email !== null && !person.isEmailVerified ? html`<small>not verified</small>` : null;
  return html`<label class="account">
      <input type="radio" name="account" value="${id}"${isFirst ? html` checked` : null}>
      <span class="face" aria-hidden="true">${person.firstName.charAt(0)}${person.lastName.charAt(0)}</span>
      <span class="who"><strong>${nameOf(person)}</strong><span>${address}</span>${note}</span>
    </label>`;
}

function renderTypedPerson(): Html {
  return html`<label class="account">
      <input type="radio" name="account" value="typed">
      <span class="face" aria-hidden="true">+</span>
      <span class="who"><strong>Somebody else</strong><span>type who you are</span></span>
    </label>
    <div class="typed">
      <label>First name <input name="first_name" autocomplete="off"></label>
      <label>Last name <input name="last_name" autocomplete="off"></label>
      <label class="wide">E-mail address <input name="email" type="email" autocomplete="off" placeholder="none"></label>
      <label class="wide check"><input type="checkbox" name="email_verified" value="true" checked> The address is verified</label>
    </div>`;
}

function renderEmailChoices(brand: Brand): Html {
  const choices = brand.emailChoices.map(
    (choice, index) => html`<label class="account">
      <input type="radio" name="email_choice" value="${choice}"${index === 0 ? html` checked` : null}>
      <span class="who"><strong>${emailLabels[choice]}</strong></span>
    </label>`,
  );
  return html`<fieldset><legend>E-mail address</legend>${choices}</fieldset>`;
}

function layout(brand: Brand, content: Html): Html {
  return renderPage({
    title: `Sign in with ${brand.name}`,
    stylesheet: '/assets/consent.css',
    className: brand.className,
    content: html`<main>${content}</main>
<footer>Provider sandbox · this is not ${brand.name}</footer>`,
  });
}
