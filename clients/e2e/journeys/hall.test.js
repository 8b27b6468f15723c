// A whole session: two phones, a moderator's desk and the hall's screen, from the code to the countdown.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESK, inspect, launch, person, PHONE, WALL } from '../fixtures/browser.js';
import { buildPoll, join, pairScreen, startSession, tab, takeDesk, vote } from '../fixtures/faces.js';
import { step } from '../fixtures/step.js';
import { TITLE, world } from '../fixtures/world.js';

const QUESTION = 'Who keeps the data after the conference?';
const POLL = 'What should we fund first?';
let place, browser, mira, jonas, desk, screen;

before(async () => {
  place = await world();
  browser = await launch();
  [mira, jonas, desk, screen] = await Promise.all([
    person(browser, place.hub, { viewport: PHONE }),
    person(browser, place.hub, { viewport: PHONE }),
    person(browser, place.hub, { viewport: DESK }),
    person(browser, place.hub, { viewport: WALL }),
  ]);
});

after(async () => {
  await browser?.close();
  await place?.hub.close();
});

test('a hall from the code to the countdown', async () => {
  await step('people come in by the code, the desk and the screen are set up', { mira, jonas, desk, screen }, async () => {
    await mira.goto('/');
    await inspect(mira, 'join');
    await desk.goto('/moderate');
    await inspect(desk, 'sign-in');
    await takeDesk(desk, place);
    await screen.goto('/screen');
    await inspect(screen, 'pairing');
    await pairScreen(desk, screen);
    await screen.getByRole('heading', { name: TITLE }).waitFor();
    await inspect(screen, 'lobby');
    await join(mira, place.code, 'Mira');
    await join(jonas, place.code, 'Jonas');
    await mira.getByText('This session has not started').waitFor();
    await startSession(desk);
    await mira.getByText('Nothing to answer right now').waitFor();
    // Two attendees and the moderator; a screen is nobody.
    await desk.locator('.here', { hasText: '3' }).waitFor();
    await inspect(mira, 'quiet');
  });

  await step('a vote is counted, shown and revealed', { mira, jonas, desk, screen }, async () => {
    await buildPoll(desk, { title: POLL, options: ['Maps', 'Captions', 'Child care'], results: 'after closing' });
    await inspect(desk, 'draft');
    await desk.getByRole('button', { name: 'Open voting' }).click();
    await mira.getByRole('heading', { name: POLL }).waitFor();
    await inspect(mira, 'voting');
    await vote(mira, 'Captions');
    await mira.getByText('Counted').waitFor();
    await vote(jonas, 'Maps');
    await jonas.getByText('Counted').waitFor();
    await mira.getByText('The results are shown later.').waitFor();
    await screen.getByText('Vote now on your phone').waitFor();
    await inspect(screen, 'open-poll');
    await desk.getByText('2 votes').waitFor();
    await desk.getByRole('button', { name: 'Close voting' }).click();
    await desk.getByRole('button', { name: 'Reveal results' }).click();
    for (const page of [mira, jonas, screen]) await page.getByText('50%').first().waitFor();
    await inspect(mira, 'results');
    await inspect(screen, 'results-on-screen');
    await inspect(desk, 'desk');
  });

  await step('a question waits, is approved, supported, pinned and answered', { mira, jonas, desk, screen }, async () => {
    await desk.getByText('Read first').click();
    await tab(mira, 'Questions');
    await mira.getByText('Questions are read by a moderator first.').waitFor();
    await mira.getByRole('textbox', { name: 'Your question' }).fill(QUESTION);
    await mira.getByRole('button', { name: 'Ask', exact: true }).click();
    await mira.getByText('Waiting for a moderator').waitFor();
    await tab(jonas, 'Questions');
    await desk.getByText(QUESTION).waitFor();
    assert.equal(await jonas.getByText(QUESTION).count(), 0);
    await inspect(desk, 'queue');
    await desk.getByRole('button', { name: 'Approve', exact: true }).click();
    await jonas.getByText(QUESTION).waitFor();
    await jonas.getByRole('button', { name: /Support this question/ }).click();
    await jonas.getByRole('button', { name: /Take back my support, 1 vote/ }).waitFor();
    await inspect(jonas, 'questions');
    await desk.getByRole('radio', { name: 'In the list 1' }).check();
    await desk.getByRole('button', { name: 'Pin' }).click();
    await desk.locator('.scenes').getByRole('button', { name: 'Questions' }).click();
    await screen.getByText(QUESTION).waitFor();
    await inspect(screen, 'pinned');
    await inspect(mira, 'my-question');
    await desk.getByRole('button', { name: 'Answered', exact: true }).click();
    await mira.locator('.fate', { hasText: 'Answered' }).waitFor();
  });

  await step('people chat and react', { mira, jonas, desk, screen }, async () => {
    for (const page of [mira, jonas]) await tab(page, 'Chat');
    await mira.getByLabel('Your message').fill('Good morning');
    await mira.getByRole('button', { name: 'Send' }).click();
    await jonas.getByRole('button', { name: 'Good morning' }).click();
    await jonas.getByRole('group', { name: 'React to this message' }).getByRole('button').first().click();
    await mira.locator('.count').filter({ hasText: '1' }).waitFor();
    await inspect(jonas, 'chat');
    await desk.getByRole('radio', { name: 'Chat' }).check();
    await desk.getByRole('button', { name: 'Good morning' }).click();
    await inspect(desk, 'chat-desk');
    await desk.getByRole('button', { name: 'Delete' }).click();
    await jonas.getByText('This message was removed.').waitFor();
  });

  await step('a countdown runs on every face without a message', { mira, jonas, desk, screen }, async () => {
    await desk.locator('.scenes').getByRole('button', { name: 'Blank' }).click();
    await desk.getByRole('button', { name: '5:00' }).click();
    const shown = screen.getByRole('timer').locator('.figures');
    await shown.waitFor();
    const told = () => screen.heard.filter((frame) => frame.includes('session.timer')).length;
    const atStart = told();
    const first = await shown.innerText();
    await screen.waitForFunction((text) => document.querySelector('.figures')?.textContent !== text, first);
    await inspect(screen, 'countdown');
    assert.equal(told(), atStart);
    await tab(mira, 'Now');
    const seconds = async (page) => {
      const [minutes, rest] = (await page.getByRole('timer').first().locator('.figures').innerText()).split(':');
      return Number(minutes) * 60 + Number(rest);
    };
    assert.ok(Math.abs((await seconds(screen)) - (await seconds(mira))) <= 1);
    await desk.getByRole('button', { name: 'One minute more' }).click();
    await screen.waitForFunction(() => /^5:[3-5]/.test(document.querySelector('.figures')?.textContent ?? ''));
    await desk.getByRole('button', { name: 'Clear' }).click();
    await screen.getByRole('timer').waitFor({ state: 'detached' });
  });
});
