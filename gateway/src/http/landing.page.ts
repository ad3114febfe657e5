/** Apollo Sandbox, which comes from Apollo's servers; without the internet the page leads to our own explorer. */
export const landingPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Suvidha</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
  html, body, #sandbox { height: 100%; margin: 0; }
  #sandbox iframe { border: 0; }
  main { max-width: 36rem; margin: 0 auto; padding: 18vh 1.5rem 0; }
  a { color: inherit; font-weight: 600; }
</style>
<div id="sandbox">
  <main>
    <h1>Suvidha</h1>
    <p>One GraphQL endpoint for identity, KYC, billing, commerce and payments: <code>/graphql</code>, over HTTP and WebSocket.</p>
    <p>Apollo Sandbox is loading. It comes from the internet; without it, use the <a href="/explorer">explorer that is built in</a>.</p>
  </main>
</div>
<script src="https://embeddable-sandbox.cdn.apollographql.com/_latest/embeddable-sandbox.umd.production.min.js"
  onload="document.querySelector('main').remove();
    new window.EmbeddedSandbox({
      target: '#sandbox',
      initialEndpoint: location.origin + '/graphql',
      initialSubscriptionEndpoint: location.origin.replace(/^http/, 'ws') + '/graphql',
    });" async></script>
</html>
`;
