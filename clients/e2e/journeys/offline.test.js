// The device itself loses its network, by the browser's own switch: nothing is lost, nothing counts twice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inspect, launch } from '../fixtures/browser.js';
import { askEveryone, faces, tab, vote } from '../fixtures/faces.js';
import { step } from '../fixtures/step.js';
import { world } from '../fixtures/world.js';

const BACK_MS = 60_000;
let place, browser, phone, desk, screen, pages;

before(async () => {
  place = await world();
  browser = await launch();
  pages = await faces(browser, place);
  ({ phone, desk, screen } = pages);
  await askEveryone(pages, place, 'Under the tunnel?');
});

after(async () => {
  await browser?.close();
  await place?.hub.close();
});

const offline = (page, is) => page.context().setOffline(is);

test('a phone in the tunnel sends what it kept, once', async () => {
  await step('what is done there is kept and says so', pages, async () => {
    await tab(phone, 'Questions');
    await phone.getByRole('textbox', { name: 'Your question' }).waitFor();
    await tab(phone, 'Chat');
    await phone.getByLabel('Your message').waitFor();
    await tab(phone, 'Now');
    await offline(phone, true);
    await phone.getByText(/No connection\./).waitFor();
    await vote(phone, 'Yes');
    await phone.getByText('Kept. Goes out once the connection is back.').waitFor();
    await inspect(phone, 'offline');
    await tab(phone, 'Questions');
    await phone.getByRole('textbox', { name: 'Your question' }).fill('Is there light at its end?');
    await phone.getByRole('button', { name: 'Ask', exact: true }).click();
    await tab(phone, 'Chat');
    await phone.getByLabel('Your message').fill('Hello from below');
    await phone.getByRole('button', { name: 'Send' }).click();
    await phone.getByText('3 actions are kept').waitFor();
    assert.equal(await desk.getByText('Hello from below').count(), 0);
  });

  await step('and goes out by itself', pages, async () => {
    await offline(phone, false);
    await phone.getByText(/No connection\./).waitFor({ state: 'detached', timeout: BACK_MS });
    await phone.getByRole('button', { name: 'Hello from below' }).waitFor({ timeout: BACK_MS });
    await tab(phone, 'Now');
    await phone.getByText('Counted').first().waitFor({ timeout: BACK_MS });
    await screen.getByText('1 vote', { exact: true }).waitFor();
    await tab(phone, 'Questions');
    await phone.locator('.aside .fate.counted').waitFor({ timeout: BACK_MS });
  });

  await step('once', pages, async () => {
    const { hub, token, conference, session } = place;
    const questions = await hub.rest('GET', `/conferences/${conference.id}/questions`, { token });
    assert.deepEqual(questions.map(({ text }) => text), ['Is there light at its end?']);
    const messages = await hub.rest('GET', `/sessions/${session.id}/messages`, { token });
    assert.deepEqual(messages.map(({ text }) => text), ['Hello from below']);
  });
});

test('a screen without a network counts down to the second, and catches up', async () => {
  const left = () => screen.getByRole('timer').locator('.figures').innerText();

  await step('it goes on alone', pages, async () => {
    await desk.locator('.scenes').getByRole('button', { name: 'Blank' }).click();
    await desk.getByRole('button', { name: '20:00' }).click();
    await screen.getByRole('timer').waitFor();
    await offline(screen, true);
    await screen.getByText('No connection').waitFor();
    const before = await left();
    await screen.waitForFunction((text) => document.querySelector('[role=timer] .figures')?.textContent !== text, before);
    await inspect(screen, 'offline-screen');
    const seconds = (text) => text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    const here = seconds(await left());
    const there = seconds(await desk.getByRole('timer').first().innerText());
    assert.ok(Math.abs(here - there) <= 1, `the screen reads ${here} s, the desk ${there} s`);
  });

  await step('what was changed meanwhile is there when it is back', pages, async () => {
    await desk.getByRole('button', { name: 'Clear' }).click();
    await desk.locator('.scenes').getByRole('button', { name: 'Poll' }).click();
    await offline(screen, false);
    await screen.getByText('No connection').waitFor({ state: 'detached', timeout: BACK_MS });
    await screen.getByRole('heading', { name: 'Under the tunnel?' }).waitFor();
    await screen.getByRole('timer').waitFor({ state: 'detached' });
  });
});
