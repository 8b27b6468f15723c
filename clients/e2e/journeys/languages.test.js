// The phone and the desk in every language of the interface: nothing sticks out, nothing is hard to reach.
import { after, before, test } from 'node:test';
import { DESK, inspect, launch, person, PHONE } from '../fixtures/browser.js';
import { step } from '../fixtures/step.js';
import { MODERATOR, world } from '../fixtures/world.js';

const LOCALES = ['de-AT', 'fr-FR', 'tr-TR', 'ar-EG'];
let place, browser;

before(async () => {
  place = await world();
  browser = await launch();
  const { hub, token, conference, session } = place;
  const body = { session_id: session.id, title: 'Which?', kind: 'single', options: [{ label: 'One' }, { label: 'Two' }] };
  const poll = await hub.rest('POST', `/conferences/${conference.id}/polls`, { token, body });
  await hub.rest('POST', `/polls/${poll.id}/open`, { token });
});

after(async () => {
  await browser?.close();
  await place?.hub.close();
});

async function joinIn(locale) {
  const phone = await person(browser, place.hub, { viewport: PHONE, locale });
  await step(`${locale}: an attendee`, { phone }, async () => {
    await phone.goto(`/j/${place.code}`);
    await phone.locator(`html[lang=${locale.slice(0, 2)}]`).waitFor({ state: 'attached' });
    await phone.locator('[autocomplete=nickname]').press('Enter');
    await phone.locator('nav [aria-current]').waitFor();
    await phone.locator('.present, .here').first().waitFor();
    await inspect(phone, `phone-${locale}`);
  });
  await phone.context().close();
}

async function moderateIn(locale) {
  const desk = await person(browser, place.hub, { viewport: DESK, locale });
  await step(`${locale}: a moderator`, { desk }, async () => {
    await desk.goto(`/moderate?c=${place.conference.id}&s=${place.session.id}`);
    await desk.locator('[type=email]').fill(MODERATOR.email);
    await desk.locator('[type=password]').fill(MODERATOR.password);
    await desk.locator('[type=password]').press('Enter');
    await desk.locator('.scenes').waitFor();
    await desk.getByRole('heading', { name: 'Which?' }).waitFor();
    await inspect(desk, `desk-${locale}`);
  });
  await desk.context().close();
}

for (const locale of LOCALES) {
  test(`in ${locale}`, async () => {
    await joinIn(locale);
    await moderateIn(locale);
  });
}
