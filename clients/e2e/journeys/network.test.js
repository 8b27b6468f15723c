// The network cut in the middle: what people did meanwhile is kept, sent once it is back, and counts once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from '../fixtures/browser.js';
import { askEveryone, faces, tab, vote } from '../fixtures/faces.js';
import { step } from '../fixtures/step.js';
import { world } from '../fixtures/world.js';

const QUESTION = 'Does this question survive the tunnel?';
let place, browser, phone, desk, screen;

before(async () => {
  place = await world();
  browser = await launch();
  const pages = await faces(browser, place);
  ({ phone, desk, screen } = pages);
  await askEveryone(pages, place, 'Still there?');
});

after(async () => {
  await browser?.close();
  await place?.hub.close();
});

/** The worker that keeps the pages for later has all that it needs. */
async function keptForLater(page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    const [name] = await caches.keys();
    return (await caches.open(name)).match('/');
  });
}

test('a vote and a question sent without a network count once it is back', async () => {
  await keptForLater(phone);
  await desk.getByRole('button', { name: '20:00' }).click();
  await screen.getByRole('timer').waitFor();

  await step('the hub is gone: the phone keeps what is done, the screen goes on', { phone, desk, screen }, async () => {
    await place.hub.kill();
    await phone.getByText(/No connection\./).waitFor();
    await vote(phone, 'Yes');
    await phone.getByText('Kept. Goes out once the connection is back.').waitFor();
    await tab(phone, 'Questions');
    await phone.getByRole('textbox', { name: 'Your question' }).fill(QUESTION);
    await phone.getByRole('button', { name: 'Ask', exact: true }).click();
    await phone.getByText('2 actions are kept').waitFor();
    await screen.getByText('No connection').waitFor();
    await screen.getByRole('heading', { name: 'Still there?' }).waitFor();
    const left = () => screen.getByRole('timer').innerText();
    const before = await left();
    await screen.waitForFunction((text) => document.querySelector('[role=timer]')?.innerText !== text, before);
  });

  await step('a reload without a network draws the page from what was kept', { phone, desk, screen }, async () => {
    await phone.reload();
    await phone.getByRole('heading', { name: 'Still there?' }).waitFor();
    await phone.getByText('2 actions are kept').waitFor();
  });

  await step('the hub is back: all is counted, once', { phone, desk, screen }, async () => {
    await place.hub.up();
    await phone.getByText('Counted').first().waitFor({ timeout: 40_000 });
    await phone.getByText('1 vote', { exact: true }).waitFor();
    await tab(phone, 'Questions');
    await phone.getByText(QUESTION).first().waitFor();
    await screen.getByText('No connection').waitFor({ state: 'detached', timeout: 40_000 });
    await screen.getByText('1 vote', { exact: true }).waitFor();
    const found = await place.hub.rest('GET', `/conferences/${place.conference.id}/questions`, { token: place.token });
    assert.deepEqual(found.map(({ text }) => text), [QUESTION]);
  });

  await step('what is done while the hub restarts under load of clicks counts once too', { phone, desk, screen }, async () => {
    await tab(phone, 'Questions');
    for (let n = 0; n < 5; n++) {
      await phone.getByRole('textbox', { name: 'Your question' }).fill(`Number ${n}?`);
      await phone.getByRole('button', { name: 'Ask', exact: true }).click();
      if (n === 1) await place.hub.kill();
      if (n === 3) await place.hub.up();
    }
    await phone.getByText('Number 4?').first().waitFor({ timeout: 40_000 });
    await phone.locator('.aside .fate.counted').waitFor({ timeout: 40_000 });
    const found = await place.hub.rest('GET', `/conferences/${place.conference.id}/questions?per_page=100`, {
      token: place.token,
    });
    const numbered = found.map(({ text }) => text).filter((text) => text.startsWith('Number')).sort();
    assert.deepEqual(numbered, [0, 1, 2, 3, 4].map((n) => `Number ${n}?`));
  });
});
