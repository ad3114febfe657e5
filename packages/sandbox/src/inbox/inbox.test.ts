import { expect, it } from 'vitest';
import { Inbox } from './inbox.ts';

it('keeps the newest 1000 messages', () => {
  const inbox = new Inbox();
  for (let index = 0; index < 1005; index += 1)
    inbox.add({ channel: 'SMS', to: '+919876543210', subject: null, text: String(index) });
  const texts = inbox.list().map((message) => message.text);
  expect(texts).toHaveLength(1000);
  expect([texts.at(0), texts.at(-1)]).toEqual(['1004', '5']);
});
