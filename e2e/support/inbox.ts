/** The texts that the sandbox has delivered to a phone number or mail address, newest first. */
export async function readInbox(sandboxUrl: string, to: string): Promise<readonly string[]> {
  const response = await fetch(`${sandboxUrl}/inbox?to=${encodeURIComponent(to)}`);
  return ((await response.json()) as { text: string }[]).map(({ text }) => text);
}
