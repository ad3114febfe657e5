/** What a person sees once everything runs. */
export function toBanner({ url, sandboxUrl }: { url: string; sandboxUrl: string | undefined }): string {
  const lines = [
    ['GraphQL', `${url}/graphql`, 'HTTP, server-sent events and WebSocket'],
    ['Explorer', `${url}/explorer`, 'built in, works offline'],
    ['Apollo Sandbox', `${url}/`, 'needs the internet'],
    ...(sandboxUrl ? [['Provider sandbox', sandboxUrl, 'read the SMS, play payer and bank']] : []),
  ];
  const rows = lines.map(
    ([name = '', address = '', hint = '']) => `  ${name.padEnd(18)}${address.padEnd(34)}${hint}`,
  );
  return `\nSuvidha is ready.\n\n${rows.join('\n')}\n\n`;
}
