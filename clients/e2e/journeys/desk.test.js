// What a moderator does besides opening and closing: arrange, edit, merge, claim, moderate words and talk.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inspect, launch } from '../fixtures/browser.js';
import { buildPoll, faces, join, tab } from '../fixtures/faces.js';
import { step } from '../fixtures/step.js';
import { world } from '../fixtures/world.js';

let place, browser, desk, phone, screen, pages;

before(async () => {
  place = await world();
  browser = await launch();
  pages = await faces(browser, place);
  ({ desk, phone, screen } = pages);
  desk.on('dialog', (dialog) => dialog.accept());
  await join(phone, place.code, 'Mira');
});

after(async () => {
  await browser?.close();
  await place?.hub.close();
});

const button = (page, name) => page.getByRole('button', { name, exact: true });
/** The polls as the desk lists them. */
const listed = (page) => page.getByRole('list', { name: 'Polls' }).getByRole('listitem').locator('.title');

/** The list reads so: it is the hub's word, as a second look at the page shows. */
async function reads(titles) {
  await desk.waitForFunction((wanted) => {
    const shown = [...document.querySelectorAll('ol .title')].map((line) => line.textContent.trim());
    return JSON.stringify(shown) === JSON.stringify(wanted);
  }, titles);
}

test('polls are arranged, removed and edited', async () => {
  for (const title of ['First', 'Second', 'Third']) await buildPoll(desk, { title, options: ['Yes', 'No'] });

  await step('by keyboard', pages, async () => {
    await button(desk, 'Arrange').click();
    await reads(['First', 'Second', 'Third']);
    await inspect(desk, 'arrange');
    await desk.getByRole('button', { name: 'Move Third up' }).focus();
    await desk.keyboard.press('Enter');
    await desk.getByText('Third is now number 2').waitFor({ state: 'attached' });
    await desk.keyboard.press('Enter');
    await reads(['Third', 'First', 'Second']);
  });

  await step('by pointer', pages, async () => {
    const box = async (at) => listed(desk).nth(at).locator('xpath=..').boundingBox();
    const [from, to] = [await box(0), await box(2)];
    await desk.mouse.move(from.x + 20, from.y + from.height / 2);
    await desk.mouse.down();
    await desk.mouse.move(from.x + 20, to.y + to.height / 2, { steps: 8 });
    await desk.mouse.up();
    await reads(['First', 'Second', 'Third']);
  });

  await step('removed', pages, async () => {
    await desk.getByRole('button', { name: 'Remove Second' }).click();
    await reads(['First', 'Third']);
    await desk.reload();
    await button(desk, 'Arrange').click();
    await reads(['First', 'Third']);
    await button(desk, 'Arrange').click();
  });

  await step('a draft is edited, a later round keeps what it asks', pages, async () => {
    await desk.getByRole('navigation', { name: 'Polls' }).getByRole('button', { name: 'First' }).click();
    await button(desk, 'Edit').click();
    await desk.getByLabel('Question', { exact: true }).fill('First of all');
    await desk.getByLabel('Option 2', { exact: true }).fill('Perhaps');
    await button(desk, 'Save').click();
    await desk.getByRole('heading', { name: 'First of all' }).waitFor();
    await button(desk, 'Open voting').click();
    await phone.getByText('Perhaps').waitFor();
    await button(desk, 'New round').click();
    await button(desk, 'Edit').click();
    await desk.getByText('This poll has been open before').waitFor();
    await desk.getByLabel('Question', { exact: true }).fill('Once more');
    await button(desk, 'Save').click();
    await desk.getByRole('heading', { name: 'Once more' }).waitFor();
    await button(desk, 'Open voting').click();
    await phone.getByRole('heading', { name: 'Once more' }).waitFor();
    await phone.getByText('Perhaps').waitFor();
  });
});

test('words are merged and hidden', async () => {
  await buildPoll(desk, { title: 'In a word?', kind: 'Word cloud' });
  await button(desk, 'Open voting').click();
  await phone.getByLabel('Your answer').fill('open, opened, rude');
  await button(phone, 'Vote').click();
  await phone.getByText('Counted').waitFor();
  await desk.getByText('Tidy the words').click();
  const word = (text) => desk.locator('details .words').getByRole('button', { name: text });
  await word(/^open 1/).click();
  await word(/^opened/).click();
  await button(desk, 'Merge').click();
  await word(/^opened/).waitFor({ state: 'detached' });
  await word(/^rude/).click();
  await button(desk, 'Hide').click();
  await screen.getByText('rude').first().waitFor({ state: 'detached' });
});

test('questions are claimed, edited, merged and withdrawn', async () => {
  const ask = async (text) => {
    await phone.getByRole('textbox', { name: 'Your question' }).fill(text);
    await button(phone, 'Ask').click();
    await phone.locator('.fate', { hasText: 'Waiting for a moderator' }).first().waitFor();
  };
  const card = (text) => desk.locator('article', { hasText: text });

  await step('edit, then allow', pages, async () => {
    await desk.getByText('Read first').click();
    await phone.getByText('Questions are read by a moderator first.').waitFor({ state: 'attached' });
    await tab(phone, 'Questions');
    await ask('why so loud');
    await button(card('why so loud'), 'Claim').click();
    await card('why so loud').getByText('Claimed by you').waitFor();
    await button(card('why so loud'), 'Edit and approve').click();
    await desk.getByLabel('Your question').fill('Why is it so loud?');
    await button(desk, 'Approve this wording').click();
    await phone.getByText('Why is it so loud?').first().waitFor();
  });

  await step('merge and take apart', pages, async () => {
    await ask('Is it loud?');
    await desk.getByText('Is it loud?').waitFor();
    await button(card('Is it loud?'), 'Approve').click();
    await desk.getByRole('radio', { name: 'In the list 2' }).check();
    await button(card('Why is it so loud?'), 'Merge').click();
    await button(card('Is it loud?'), 'Same question').click();
    await desk.getByRole('button', { name: 'Merge 1 question into this one' }).click();
    await desk.getByRole('radio', { name: 'Done 1' }).check();
    await button(card('Is it loud?'), 'Take apart').click();
    await desk.getByRole('radio', { name: 'In the list 2' }).check();
  });

  await step('reject with a reason, withdraw', pages, async () => {
    await button(card('Is it loud?'), 'Reject').click();
    await desk.getByLabel('Reason, told to the asker').fill('asked already');
    await button(card('Is it loud?'), 'Reject').click();
    await phone.getByText('asked already').waitFor();
    await ask('Never mind');
    await phone.locator('li', { hasText: 'Never mind' }).getByRole('button', { name: 'Withdraw' }).click();
    await phone.locator('.fate', { hasText: 'Withdrawn' }).waitFor();
  });
});

test('the chat is shown, slowed, reported, muted', async () => {
  const bubble = (page, text) => page.getByRole('button', { name: text });
  await desk.getByRole('radio', { name: 'Chat' }).check();
  await tab(phone, 'Chat');
  const say = async (page, text) => {
    await page.getByLabel('Your message').fill(text);
    await button(page, 'Send').click();
    await bubble(page, text).waitFor();
  };

  await step('on the screen', pages, async () => {
    await say(phone, 'Hello hall');
    await desk.locator('.scenes').getByRole('button', { name: 'Chat' }).click();
    await screen.getByText('Hello hall').waitFor();
    await inspect(screen, 'chat-on-screen');
  });

  await step('reported', pages, async () => {
    await say(desk, 'Buy my book');
    await bubble(phone, 'Buy my book').click();
    await button(phone, 'Report').click();
    await desk.getByText('1 reported message').click();
    await inspect(desk, 'reports');
    await button(desk, 'Delete').click();
    await phone.getByText('This message was removed.').waitFor();
    await inspect(phone, 'chat-live');
  });

  await step('slowed and muted', pages, async () => {
    await desk.getByLabel('Slow mode').selectOption({ label: '30 seconds' });
    await phone.getByText('one message every 30 seconds').waitFor();
    await bubble(desk, 'Hello hall').click();
    await desk.getByRole('button', { name: 'Mute for 10 minutes' }).click();
    await phone.getByText('A moderator has muted you').waitFor();
    await desk.getByText('1 person is muted').click();
    await button(desk, 'Let speak').click();
    await phone.getByLabel('Your message').waitFor();
  });
});

test('a labelled countdown', async () => {
  await desk.getByLabel('Label').fill('Questions');
  await desk.getByLabel('Minutes').fill('3');
  await button(desk, 'Start').click();
  const timer = screen.getByRole('timer');
  await timer.getByText('Questions').waitFor();
  assert.match(await timer.locator('.figures').innerText(), /^[23]:\d\d$/);
});
