// People with accounts: invited by mail, guarded by a second factor, known by their organisation's own provider; and the
// organisation itself: its look, what is switched on, who changed what.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESK, inspect, launch, person, PHONE } from '../fixtures/browser.js';
import { linkTo, oneTimeCode } from '../fixtures/codes.js';
import { join } from '../fixtures/faces.js';
import { CLIENT, SignInProvider } from '../fixtures/provider.js';
import { step } from '../fixtures/step.js';
import { world } from '../fixtures/world.js';

const OWNER = { email: 'owner@example.org', password: 'the house and all its doors' };
const MONA = { email: 'mona@example.org', password: 'a better horse battery' };
const PLUM = '#7a1f5c';
let place, browser, owner, provider, otherConference;

before(async () => {
  place = await world({ PLENUM__AUTH__PRIVATE_PROVIDERS: 'true' });
  const words = ['user', 'create', '--tenant', 'demo', '--email', OWNER.email, '--role', 'owner', '--password-stdin'];
  place.hub.command(words, OWNER.password);
  const body = { title: 'Not hers', time_zone: 'UTC', starts_on: '2026-11-22', ends_on: '2026-11-22' };
  otherConference = await place.hub.rest('POST', '/conferences', { token: place.token, body });
  [browser, provider] = await Promise.all([launch(), SignInProvider.start(`${place.hub.url}/signed-in`)]);
  owner = await person(browser, place.hub, { viewport: DESK });
  await owner.goto('/organise');
  await signIn(owner, OWNER);
});

after(async () => {
  await browser?.close();
  await provider?.close();
  await place?.hub.close();
});

const button = (page, name) => page.getByRole('button', { name, exact: true });
const card = (page, name) => page.getByRole('region', { name, exact: true });
const nav = (page) => page.getByRole('navigation');

async function signIn(page, { email, password }) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await button(page, 'Sign in').click();
}

/** At the provider's own pages: signs in, and agrees when asked. */
async function atProvider(page, name) {
  await page.waitForURL(`${provider.issuer}/**`);
  await page.locator('input[name=login]').fill(name);
  await page.locator('input[name=password]').fill('whatever it takes');
  await page.locator('button[type=submit]').first().click();
  await page.waitForURL((url) => url.origin === place.hub.url || url.pathname.startsWith('/interaction/'));
  if (new URL(page.url()).origin !== place.hub.url) await page.locator('button[type=submit]').first().click();
}

async function leaveForProvider(page, name) {
  await page.goto('/organise');
  await page.getByLabel('Organisation').fill('demo');
  await button(page, 'Sign in with Acme').click();
  await atProvider(page, name);
}

test('an invited moderator runs only what she may', async () => {
  const mona = await person(browser, place.hub, { viewport: DESK });

  await step('an invitation goes out', { owner }, async () => {
    await nav(owner).getByRole('link', { name: 'People' }).click();
    const form = card(owner, 'Invite somebody');
    await form.getByLabel('E-mail').fill(MONA.email);
    await form.getByLabel('Role', { exact: true }).selectOption({ label: 'Moderator' });
    await form.getByLabel('Where').selectOption({ label: 'Open Futures 2026' });
    await button(form, 'Send the invitation').click();
    await form.getByText('An invitation is on its way').waitFor();
    await form.getByText(/Can be accepted until/).waitFor();
    await inspect(owner, 'invite');
  });

  await step('she accepts it', { mona }, async () => {
    await mona.goto(await linkTo(place.hub, MONA.email));
    await mona.getByText(/Open Futures.*invites.*mona@example.org/).waitFor();
    await inspect(mona, 'invitation');
    await mona.getByLabel('Your name').fill('Mona H.');
    await mona.getByLabel('Password').fill(MONA.password);
    await button(mona, 'Accept the invitation').click();
    await mona.getByRole('link', { name: /Open Futures 2026/ }).waitFor();
  });

  await step('she runs her sessions, and finds nothing else', { mona }, async () => {
    assert.equal(await button(mona, 'New conference').count(), 0);
    assert.equal(await mona.getByText('Not hers').count(), 0);
    for (const name of ['People', 'Organisation', 'Audit log']) {
      assert.equal(await nav(mona).getByRole('link', { name }).count(), 0, name);
    }
    await mona.goto(`/organise/c/${otherConference.id}`);
    await mona.getByText('it no longer exists').waitFor();
    await mona.goto(`/moderate?c=${place.conference.id}&s=${place.session.id}`);
    await button(mona, 'Start session').click();
    await button(mona, 'Pause').waitFor();
  });

  await step('her role is taken, and her desk is closed at once', { owner, mona }, async () => {
    await owner.reload();
    await owner.getByRole('link', { name: /Mona H\./ }).click();
    await owner.getByRole('button', { name: /^Take away: Moderator/ }).click();
    await mona.getByText(/You may not run this session|it no longer exists/).first().waitFor();
  });
});

test('an account is guarded by a second factor', async () => {
  let codes;

  await step('it is set up', { owner }, async () => {
    await nav(owner).getByRole('link', { name: 'My account' }).click();
    const factor = card(owner, 'Second factor');
    await button(factor, 'Set it up').click();
    const secret = await factor.locator('code').innerText();
    await inspect(owner, 'second-factor');
    await factor.getByLabel('Code', { exact: true }).fill(oneTimeCode(secret));
    await button(factor, 'Confirm').click();
    await factor.getByText('10 recovery codes are left.').waitFor();
    codes = await factor.locator('.codes code').allInnerTexts();
    assert.equal(codes.length, 10);
    await inspect(owner, 'account');
  });

  await step('a token is made, shown once and revoked', { owner }, async () => {
    const tokens = card(owner, 'Personal tokens');
    await tokens.getByLabel('What it is for').fill('ticket desk');
    await button(tokens, 'Make a token').click();
    await tokens.getByText(/^plm_/).waitFor();
    await button(tokens, 'Revoke ⁨ticket desk⁩').click();
    await tokens.getByText('ticket desk').waitFor({ state: 'detached' });
  });

  await step('signing in takes a code, each once', { owner }, async () => {
    await button(owner.getByRole('banner'), 'Sign out').click();
    await signIn(owner, OWNER);
    await owner.getByLabel('Code', { exact: true }).fill(codes[0]);
    await inspect(owner, 'sign-in-code');
    await button(owner, 'Sign in').click();
    await card(owner, 'Second factor').getByText('9 recovery codes are left.').waitFor();
    await card(owner, 'Where I am signed in').getByText('This one').waitFor();
  });
});

test('the organisation looks as it wants, on phones too', async () => {
  const phone = await person(browser, place.hub, { viewport: PHONE });
  const accent = () => phone.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent'));

  await step('colours are tried, and kept', { owner }, async () => {
    await nav(owner).getByRole('link', { name: 'Organisation' }).click();
    const branding = card(owner, 'Branding');
    await branding.getByLabel('Main colour').fill('#ffffe0');
    await branding.getByText(/Main colour: the contrast with the ground is 1/).waitFor();
    assert.ok(await button(branding, 'Save').isDisabled());
    await branding.getByLabel('Main colour').fill(PLUM);
    await branding.getByLabel('Name at the top').fill('Harbour');
    await button(branding, 'Save').click();
    await button(branding, 'As Plenum looks').waitFor();
    await card(owner, 'Usage and limits').getByText('2, without a limit').waitFor();
    await inspect(owner, 'organisation');
  });

  await step('a phone wears them, and what is off is gone', { owner, phone }, async () => {
    await join(phone, place.code, 'Mira');
    await phone.waitForFunction((plum) => getComputedStyle(document.documentElement).getPropertyValue('--accent') === plum, PLUM);
    assert.equal(await accent(), PLUM);
    await inspect(phone, 'phone-branded');
    await card(owner, 'What is switched on').getByText('Questions').click();
    await phone.reload();
    await nav(phone).getByRole('button', { name: 'Questions' }).waitFor({ state: 'detached' });
    await nav(phone).getByRole('button', { name: 'Chat' }).waitFor();
    await card(owner, 'What is switched on').getByText('Questions').click();
  });

  await step('who changed what can be read', { owner }, async () => {
    await nav(owner).getByRole('link', { name: 'Audit log' }).click();
    await owner.getByText('second_factor.confirmed').waitFor();
    await owner.getByText('tenant.settings').first().waitFor();
    await inspect(owner, 'audit');
  });
});

test('an organisation makes roles of its own', async () => {
  await step('one is made and changed', { owner }, async () => {
    await nav(owner).getByRole('link', { name: 'People' }).click();
    await owner.getByRole('link', { name: 'Roles of your own' }).click();
    await button(owner, 'New role').click();
    await owner.getByLabel('Name of the role').fill('Door');
    await owner.getByLabel('Let people in at the door').check();
    await inspect(owner, 'role');
    await button(owner, 'Save').click();
    const door = owner.getByRole('listitem').filter({ has: owner.getByRole('heading', { name: 'Door' }) });
    await door.getByText('Let people in at the door').waitFor();
    await door.getByRole('button', { name: /^Edit: / }).click();
    await owner.getByLabel('See who takes part').check();
    await button(owner, 'Save').click();
    await door.getByText('See who takes part').waitFor();
    await inspect(owner, 'roles');
  });

  await step('given, and deleted with all who hold it', { owner }, async () => {
    await nav(owner).getByRole('link', { name: 'People' }).click();
    await owner.getByRole('link', { name: OWNER.email }).click();
    await owner.getByLabel('Role', { exact: true }).selectOption({ label: 'Door' });
    await button(owner, 'Give this role').click();
    const grants = card(owner, 'Roles in single conferences');
    await grants.getByRole('listitem').getByText('Door').waitFor();
    await owner.goto('/organise/people/roles');
    owner.once('dialog', (dialog) => dialog.accept());
    await owner.getByRole('button', { name: /^Delete: / }).click();
    await owner.getByText('There is none yet.').waitFor();
  });

  await step('it gets another name, is deleted and comes back', { owner }, async () => {
    await nav(owner).getByRole('link', { name: 'Organisation' }).click();
    const name = card(owner, 'Name of the organisation');
    await name.getByLabel('Name in mails').fill('Open Futures e. V.');
    await button(name, 'Save').click();
    const end = card(owner, 'Delete the organisation');
    await end.getByLabel('To be sure, type demo').fill('demo');
    await inspect(owner, 'tenant-end');
    await button(end, 'Delete it').click();
    const gone = card(owner, 'This organisation is deleted');
    await gone.getByText(/can be brought back until/).waitFor();
    await inspect(owner, 'tenant-gone');
    await owner.reload();
    await button(gone, 'Bring it back').click();
    await name.getByLabel('Name in mails').waitFor();
    assert.equal(await name.getByLabel('Name in mails').inputValue(), 'Open Futures e. V.');
  });
});

test('people sign in at their organisation’s own provider', async () => {
  const mona = await person(browser, place.hub, { viewport: DESK });

  await step('the owner names it', { owner }, async () => {
    await nav(owner).getByRole('link', { name: 'Organisation' }).click();
    const form = card(owner, 'Sign-in provider');
    await form.getByLabel('What stands on the button').fill('Acme');
    await form.getByLabel('Issuer').fill(`${provider.issuer}/elsewhere`);
    await form.getByLabel('Client id').fill(CLIENT.id);
    await form.getByLabel('Client secret').fill(CLIENT.secret);
    await button(form, 'Save').click();
    await form.getByRole('alert').waitFor();
    await form.getByLabel('Issuer').fill(provider.issuer);
    await button(form, 'Save').click();
    await form.getByText(`${place.hub.url}/signed-in`).waitFor();
  });

  await step('she comes in by it', { mona }, async () => {
    await leaveForProvider(mona, 'mona');
    await nav(mona).getByRole('link', { name: 'My account' }).waitFor();
    await button(mona, 'Sign out').click();
  });

  await step('and again when the provider has other keys', { mona }, async () => {
    await provider.changeKeys();
    await leaveForProvider(mona, 'mona');
    await nav(mona).getByRole('link', { name: 'My account' }).waitFor();
  });

  await step('nobody else does', { owner }, async () => {
    for (const name of ['stranger', 'newcomer']) {
      const other = await person(browser, place.hub, { viewport: DESK });
      await leaveForProvider(other, name);
      await other.getByText('you have no account here: ask for an invitation').waitFor();
      await inspect(other, 'no-account');
      await other.context().close();
    }
    const thief = await person(browser, place.hub, { viewport: DESK });
    await thief.goto('/signed-in?code=stolen&state=stolen');
    await thief.getByText('this sign-in took too long: begin again').waitFor();
  });
});

test('the organiser’s pages in every language', async () => {
  const held = await owner.evaluate(() => localStorage.getItem('plenum.moderator'));
  for (const locale of ['tr', 'ar', 'de', 'fr']) {
    const page = await person(browser, place.hub, { viewport: DESK, locale });
    await page.addInitScript((text) => localStorage.setItem('plenum.moderator', text), held);
    await step(locale, { page }, async () => {
      for (const name of ['people', 'people/roles', 'account', 'tenant', 'audit']) {
        await page.goto(`/organise/${name}`);
        await page.locator('main :is(li, tbody tr, .none)').first().waitFor();
        assert.equal(await page.locator('html').getAttribute('dir'), locale === 'ar' ? 'rtl' : 'ltr');
        await inspect(page, `${name.replace('/', '-')}-${locale}`);
      }
    });
    await page.context().close();
  }
});
