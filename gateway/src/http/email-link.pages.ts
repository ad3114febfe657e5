/** Where the links in mails lead to when there is no web site of one's own, as in a demo. */
interface LinkPage {
  readonly title: string;
  readonly lead: string;
  /** Form fields between the lead and the button. */
  readonly fields: string;
  readonly button: string;
  /** The mutation that the button sends; `$input` has the token and the fields. */
  readonly mutation: string;
  readonly done: string;
}

export const verifyEmailPage = renderPage({
  title: 'Confirm your e-mail address',
  lead: 'Press the button if it was you who gave us this address.',
  fields: '',
  button: 'Confirm address',
  mutation:
    'mutation ($input: VerifyEmailInput!) { payload: verifyEmail(input: $input) { userErrors { message } } }',
  done: 'Thank you. Your address is confirmed: you can log in now.',
});

export const resetPasswordPage = renderPage({
  title: 'Choose a new password',
  lead: 'From 8 to 128 characters, not easy to guess.',
  fields:
    '<label>New password <input name="newPassword" type="password" autocomplete="new-password" required></label>',
  button: 'Set password',
  mutation:
    'mutation ($input: ResetPasswordInput!) { payload: resetPassword(input: $input) { userErrors { message } } }',
  done: 'Your password is set. You are logged out everywhere: log in with the new one.',
});

/** The token stands behind the # and leaves the address bar at once: it is in no log, no referrer and no history. */
function renderPage({ title, lead, fields, button, mutation, done }: LinkPage): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  main { max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem; text-align: center; }
  form { display: grid; gap: 1rem; justify-items: center; }
  input, button { font: inherit; padding: .5rem .75rem; }
</style>
<main>
  <h1>${title}</h1>
  <p>${lead}</p>
  <form>${fields}<button>${button}</button></form>
  <p role="status"></p>
</main>
<script>
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  history.replaceState(null, '', location.pathname);
  const form = document.querySelector('form');
  const status = document.querySelector('[role=status]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const input = { token, ...Object.fromEntries(new FormData(form)) };
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: ${JSON.stringify(mutation)}, variables: { input } }),
    });
    const { data, errors } = await response.json();
    const problem = errors?.[0] ?? data.payload.userErrors[0];
    status.textContent = problem ? problem.message : ${JSON.stringify(done)};
    if (!problem) form.remove();
  });
</script>
</html>
`;
}
