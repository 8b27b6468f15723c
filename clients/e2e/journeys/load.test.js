// What an attendee's phone really fetches until it can vote, ask and chat, as the browser counts it on the wire.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, person, PHONE } from '../fixtures/browser.js';
import { join, tab } from '../fixtures/faces.js';
import { world } from '../fixtures/world.js';

const BUDGET_BYTES = 150_000;
let place, browser;

before(async () => {
  place = await world();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await place?.hub.close();
});

test('the first load of an attendee is under its budget', async (context) => {
  const phone = await person(browser, place.hub, { viewport: PHONE });
  const network = await phone.context().newCDPSession(phone);
  await network.send('Network.enable');
  let bytes = 0;
  network.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await join(phone, place.code, 'Mira');
  await tab(phone, 'Questions');
  await phone.getByRole('textbox', { name: 'Your question' }).waitFor();
  await tab(phone, 'Chat');
  await phone.getByLabel('Your message').waitFor();
  context.diagnostic(`${bytes} bytes`);
  assert.ok(bytes > 20_000, 'the browser counts');
  assert.ok(bytes < BUDGET_BYTES, `${bytes} bytes are over ${BUDGET_BYTES}`);
});
