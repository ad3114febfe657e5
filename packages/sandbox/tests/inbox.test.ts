import { createTransport } from 'nodemailer';
import { expect, it } from 'vitest';
import type { Sandbox } from '../src/index.ts';
import { call, controlOf, startSandbox } from './sandbox.fixture.ts';

function mailerOf(sandbox: Sandbox) {
  return createTransport({ host: '127.0.0.1', port: sandbox.smtpPort });
}

const MAIL = {
  from: 'no-reply@suvidha.test',
  to: 'asha@example.com',
  subject: 'Vérification',
  text: 'Code: 123456',
};

it('takes mail by SMTP and lists it', async () => {
  await using sandbox = await startSandbox();
  await mailerOf(sandbox).sendMail({ ...MAIL, html: '<p>Code: 123456</p>' });
  const { body } = await call('GET', `${sandbox.url}/inbox?to=asha@example.com`);
  expect(body).toEqual([
    {
      channel: 'EMAIL',
      to: 'asha@example.com',
      subject: 'Vérification',
      text: 'Code: 123456',
      sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    },
  ]);
});

it('accepts a sender that logs in', async () => {
  await using sandbox = await startSandbox();
  const auth = { user: 'mailer', pass: 'any' };
  await createTransport({ host: '127.0.0.1', port: sandbox.smtpPort, auth }).sendMail(MAIL);
  expect((await call('GET', `${sandbox.url}/inbox`)).body).toHaveLength(1);
});

it('lists one message per recipient, newest first, and only the addressee’s when asked', async () => {
  await using sandbox = await startSandbox();
  const mailer = mailerOf(sandbox);
  await mailer.sendMail({ ...MAIL, to: ['asha@example.com', 'ravi@example.com'], subject: 'first' });
  await mailer.sendMail({ ...MAIL, subject: 'second' });
  const all = (await call('GET', `${sandbox.url}/inbox`)).body;
  expect(all.map((message: { subject: string }) => message.subject)).toEqual(['second', 'first', 'first']);
  const asha = (await call('GET', `${sandbox.url}/inbox?to=ASHA@example.com`)).body;
  expect(asha.map((message: { subject: string }) => message.subject)).toEqual(['second', 'first']);
  expect((await call('GET', `${sandbox.url}/inbox?to=nobody@example.com`)).body).toEqual([]);
});

it('refuses a mail for now when a scenario says so, and takes the next', async () => {
  await using sandbox = await startSandbox();
  await controlOf(sandbox).post('/scenario', { party: 'smtp', call: 'deliver-mail', fault: 'refused' });
  await expect(mailerOf(sandbox).sendMail(MAIL)).rejects.toMatchObject({ responseCode: 451 });
  expect((await call('GET', `${sandbox.url}/inbox`)).body).toEqual([]);
  await mailerOf(sandbox).sendMail(MAIL);
  expect((await call('GET', `${sandbox.url}/inbox`)).body).toHaveLength(1);
});
