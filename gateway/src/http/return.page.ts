/** What a payer sees who comes back from the vendor's page and has no client app to return to. */
export const returnPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Back from the payment page</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  main { max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem; text-align: center; }
</style>
<main>
  <h1>Thank you</h1>
  <p>You can close this window. The app you came from shows what became of the payment as soon as the bank has said so.</p>
</main>
</html>
`;
