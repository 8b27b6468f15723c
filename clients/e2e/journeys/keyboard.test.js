// Everything an attendee does, with the keyboard alone.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { DESK, launch, person } from '../fixtures/browser.js';
import { buildPoll, startSession, takeDesk } from '../fixtures/faces.js';
import { step } from '../fixtures/step.js';
import { world } from '../fixtures/world.js';

const STEPS_MAX = 60;
let place, browser, desk, page;

before(async () => {
  place = await world();
  browser = await launch();
  desk = await person(browser, place.hub, { viewport: DESK });
  page = await person(browser, place.hub, { viewport: DESK });
  await takeDesk(desk, place);
  await startSession(desk);
});

after(async () => {
  await browser?.close();
  await place?.hub.close();
});

/** Goes on with the tab key until the wanted thing has the focus, as its accessible name or its role tells. */
async function tabTo(wanted) {
  for (let step = 0; step < STEPS_MAX; step++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`the tab key does not reach ${wanted}`);
}

async function openPoll(poll) {
  await buildPoll(desk, poll);
  await desk.getByRole('button', { name: 'Open voting' }).click();
  await page.getByRole('heading', { name: poll.title }).waitFor();
}

test('join, vote and rank with the keyboard alone', async () => {
  await step('join', { page, desk }, async () => {
    await page.goto('/');
    await tabTo(page.getByLabel('Code'));
    await page.keyboard.type(place.code.toLowerCase());
    await tabTo(page.getByLabel('Your name'));
    await page.keyboard.type('Kim');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing to answer right now').waitFor();
  });

  await step('a single choice', { page, desk }, async () => {
    await openPoll({ title: 'Tea or coffee?', options: ['Tea', 'Coffee'] });
    await tabTo(page.getByRole('radio', { name: 'Tea' }));
    await page.keyboard.press('ArrowDown');
    assert.ok(await page.getByRole('radio', { name: 'Coffee' }).isChecked());
    await tabTo(page.getByRole('button', { name: 'Vote', exact: true }));
    await page.keyboard.press('Enter');
    await page.getByText('Counted').waitFor();
  });

  await step('a ranking', { page, desk }, async () => {
    await openPoll({ title: 'In which order?', kind: 'Ranking', options: ['North', 'South', 'West'] });
    await tabTo(page.getByRole('button', { name: 'Move West up' }));
    await page.keyboard.press('Enter');
    await page.getByText('West is now number 2').waitFor({ state: 'attached' });
    await page.keyboard.press('Enter');
    await page.getByText('West is now number 1').waitFor({ state: 'attached' });
    await tabTo(page.getByRole('button', { name: 'Vote', exact: true }));
    await page.keyboard.press('Enter');
    await page.getByText('Counted').waitFor();
    const first = desk.locator('.lead').filter({ hasText: 'West' });
    await first.waitFor();
  });

  await step('points', { page, desk }, async () => {
    await openPoll({ title: 'Who gets the grant?', kind: 'Points', options: ['Aurora', 'Basalt'] });
    await tabTo(page.getByRole('button', { name: 'One more for Basalt' }));
    for (let step = 0; step < 3; step++) await page.keyboard.press('Space');
    await page.getByText('70 points left').waitFor();
    await tabTo(page.getByRole('button', { name: 'Vote', exact: true }));
    await page.keyboard.press('Space');
    await page.getByText('Counted').waitFor();
  });

  await step('a question and its support', { page, desk }, async () => {
    await tabTo(page.getByRole('textbox', { name: 'Your question' }));
    await page.keyboard.type('Is this on the record?');
    await tabTo(page.getByRole('button', { name: 'Ask', exact: true }));
    await page.keyboard.press('Enter');
    await page.getByText('In the list').waitFor();
  });
});
