// From nothing to a voting hall: the wizard, the programme's grid, a phone that joins by what the organiser is shown.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESK, inspect, launch, person, PHONE } from '../fixtures/browser.js';
import { join, vote } from '../fixtures/faces.js';
import { step } from '../fixtures/step.js';
import { MODERATOR, world } from '../fixtures/world.js';

const MINUTES_MOST = 3;
const POLL = 'Sail or oars?';
let place, browser, organiser, phone, pages, code;

before(async () => {
  place = await world();
  browser = await launch();
  [organiser, phone] = await Promise.all([
    person(browser, place.hub, { viewport: DESK }),
    person(browser, place.hub, { viewport: PHONE }),
  ]);
  pages = { organiser, phone };
  organiser.on('dialog', (dialog) => dialog.accept());
});

after(async () => {
  await browser?.close();
  await place?.hub.close();
});

const button = (page, name) => page.getByRole('button', { name, exact: true });

test('a conference from nothing to the first vote', async () => {
  const begun = Date.now();

  await step('sign in, see what there is', pages, async () => {
    await organiser.goto('/organise');
    await inspect(organiser, 'organise-sign-in');
    await organiser.getByLabel('E-mail').fill(MODERATOR.email);
    await organiser.getByLabel('Password').fill(MODERATOR.password);
    await button(organiser, 'Sign in').click();
    await organiser.getByText('Open Futures 2026').waitFor();
    await inspect(organiser, 'organise-dashboard');
  });

  await step('the wizard', pages, async () => {
    await button(organiser, 'New conference').click();
    await organiser.getByLabel('Title').fill('Harbour Days');
    await organiser.getByLabel('Time zone').fill('Europe/Berlin');
    await organiser.getByLabel('First day').fill('2027-03-27');
    await organiser.getByLabel('Last day').fill('2027-03-28');
    await inspect(organiser, 'wizard-conference');
    await button(organiser, 'Next').click();
    await organiser.getByLabel('Title').fill('Opening at the quay');
    await organiser.getByLabel('Hall').fill('Warehouse');
    await inspect(organiser, 'wizard-session');
    await button(organiser, 'Next').click();
    await organiser.getByLabel('Question').fill(POLL);
    await organiser.getByLabel('Option 1').fill('Sail');
    await organiser.getByLabel('Option 2').fill('Oars');
    await inspect(organiser, 'wizard-poll');
    await button(organiser, 'Publish').click();
    await organiser.getByRole('heading', { name: 'Your conference is published' }).waitFor();
    await organiser.getByRole('img', { name: /^QR code/ }).waitFor();
    await inspect(organiser, 'wizard-done');
    code = await organiser.locator('.code').innerText();
  });

  await step('a phone joins by the code and votes', pages, async () => {
    await join(phone, code, 'Mira');
    await organiser.getByRole('link', { name: 'To the desk' }).click();
    await button(organiser, 'Start session').click();
    await button(organiser, 'Open voting').click();
    await phone.getByRole('heading', { name: POLL }).waitFor();
    await vote(phone, 'Sail');
    await phone.getByText('Counted').waitFor();
    await organiser.getByText('1 vote', { exact: true }).waitFor();
    assert.ok(Date.now() - begun < MINUTES_MOST * 60_000, 'under three minutes');
  });
});

test('the programme is planned in its grid', async () => {
  const block = (name) => organiser.locator('.board').getByRole('button', { name });

  await step('sessions are made', pages, async () => {
    await organiser.goto('/organise');
    await organiser.getByRole('heading', { name: 'Live now' }).waitFor();
    await organiser.getByRole('link', { name: /^Harbour Days.*Published/ }).click();
    await organiser.getByText('1 person joined').waitFor();
    for (const [title, hall] of [['Knots', 'Warehouse'], ['Winds', 'Deck']]) {
      await button(organiser, 'New session').click();
      await organiser.getByLabel('Title').fill(title);
      await organiser.getByLabel('From').fill('11:00');
      await organiser.getByLabel('To', { exact: true }).fill('11:45');
      await organiser.getByLabel('Hall').fill(hall);
      await button(organiser, 'Save').click();
      await block(title).waitFor();
    }
    await inspect(organiser, 'programme');
  });

  await step('moved with the keyboard', pages, async () => {
    await block('Knots').focus();
    await organiser.keyboard.press('ArrowDown');
    await block('Knots').getByText('11:15–12:00').waitFor();
    await organiser.getByText('Knots is now at 11:15, Warehouse').waitFor({ state: 'attached' });
    await organiser.keyboard.press('Shift+ArrowUp');
    await block('Knots').getByText('11:10–11:55').waitFor();
    await organiser.keyboard.press('ArrowLeft');
    await block(/Knots.*overlaps.*Deck/).waitFor();
    await organiser.getByRole('heading', { name: '1 clash on this day' }).waitFor();
    await organiser.getByText(/Deck.* has .*Knots.* at once, 11:10–11:45/).waitFor();
    await inspect(organiser, 'programme-overlap');
  });

  await step('dragged', pages, async () => {
    // The mouse reaches only what is on the screen.
    await organiser.locator('.board').evaluate((board) => board.scrollIntoView({ block: 'start' }));
    const { x, y, width } = await block('Winds').boundingBox();
    await organiser.mouse.move(x + 20, y + 10);
    await organiser.mouse.down();
    await organiser.mouse.move(x + 30, y + 40, { steps: 4 });
    await organiser.mouse.move(x + 20 + 2 * width, y + 10 + 72, { steps: 4 });
    const kept = organiser.waitForResponse((answer) => answer.request().method() === 'PATCH');
    await organiser.mouse.up();
    await block(/Winds.*12:00–12:45.*Warehouse/).waitFor();
    assert.ok((await kept).ok(), 'the hub has it before the page is left');
  });

  await step('and kept', pages, async () => {
    await organiser.reload();
    await block(/Winds.*12:00–12:45.*Warehouse/).waitFor();
    await block(/Knots.*11:10–11:55.*Deck/).click();
    await organiser.getByLabel('Title').fill('Knots for all');
    await inspect(organiser, 'programme-session');
    await button(organiser, 'Save').click();
    await block('Knots for all').waitFor();
  });

  await step('a day has its chair', pages, async () => {
    await organiser.getByRole('button', { name: /^Choose who chairs/ }).click();
    await organiser.getByLabel('Name or organisation').fill('Noor Haddad');
    await button(organiser, 'Add Noor Haddad to the programme’s people').click();
    await organiser.getByRole('dialog').waitFor({ state: 'hidden' });
    await organiser.getByText('Noor Haddad').waitFor();
    await organiser.reload();
    await organiser.getByText('Noor Haddad').waitFor();
    await organiser.getByRole('button', { name: /^Choose who chairs/ }).click();
    await organiser.getByLabel('Name or organisation').fill('haddad noor');
    await organiser.getByRole('button', { name: 'Noor Haddad', exact: true }).waitFor();
    await inspect(organiser, 'programme-chair');
    await button(organiser, 'Nobody chairs this day').click();
    await organiser.getByText('nobody yet').waitFor();
  });

  await step('and reads from the right in Arabic', pages, async () => {
    await organiser.evaluate(() => localStorage.setItem('plenum.locale', 'ar'));
    await organiser.reload();
    await organiser.getByText('رئاسة اليوم').waitFor();
    await inspect(organiser, 'programme-arabic');
    await organiser.evaluate(() => localStorage.setItem('plenum.locale', 'en'));
    await organiser.reload();
    await block('Knots for all').waitFor();
  });

  await step('the conference is renamed, begun and completed', pages, async () => {
    await button(organiser, 'Edit').click();
    await organiser.getByLabel('Title').fill('Harbour Days 2027');
    await button(organiser, 'Save').click();
    await organiser.getByRole('heading', { name: 'Harbour Days 2027' }).waitFor();
    await button(organiser, 'Begin').click();
    await organiser.getByText('Ongoing', { exact: true }).waitFor();
    await button(organiser, 'Complete').click();
    await organiser.getByText('Completed', { exact: true }).waitFor();
  });
});

test('figures say how many, by days and sessions', async () => {
  const { hub, token, session, conference } = place;
  const options = [{ id: 'a', label: 'Yes' }, { id: 'b', label: 'No' }];
  const body = { session_id: session.id, title: 'Shall we?', kind: 'single', options, anonymous: false };
  const poll = await hub.rest('POST', `/conferences/${conference.id}/polls`, { token, body });
  await hub.rest('POST', `/polls/${poll.id}/open`, { token, body: {} });
  for (const name of ['Ada', 'Ben', 'Cem', 'Dua', 'Eva', 'Fay']) {
    const { access_token: person } = await hub.rest('POST', '/auth/join', { body: { code: place.code, display_name: name } });
    await hub.rest('POST', `/polls/${poll.id}/vote`, { token: person, body: { options: ['a'] } });
  }

  await step('all in all, as bars and as tables', pages, async () => {
    await organiser.goto(`/organise/c/${conference.id}`);
    await organiser.getByRole('link', { name: 'Figures' }).click();
    await organiser.getByRole('heading', { name: 'By days' }).waitFor();
    await organiser.getByLabel('Bars show').selectOption({ label: 'Votes' });
    const sessions = organiser.getByRole('table', { name: 'By sessions' });
    await sessions.getByRole('row', { name: /^Opening: who builds the commons\? 0 \d+ 6 6/ }).waitFor();
    await inspect(organiser, 'figures');
    await button(organiser, 'Count anew').click();
    await organiser.getByText('Counted anew: the figures were right.').waitFor();
  });

  await step('one session, by its polls', pages, async () => {
    await organiser.getByRole('link', { name: 'Opening: who builds the commons?' }).click();
    await organiser.getByRole('table', { name: 'Polls' }).getByRole('row', { name: 'Shall we? 6 6' }).waitFor();
    await organiser.getByRole('heading', { name: 'By quarter hours' }).waitFor();
    await inspect(organiser, 'figures-session');
  });
});

test('an administrator gives and takes roles, and reads why', async () => {
  const ADMIN = { email: 'admin@example.org', password: 'the keys to all the doors' };
  const words = ['user', 'create', '--tenant', 'demo', '--email', ADMIN.email, '--role', 'admin', '--password-stdin'];
  place.hub.command(words, ADMIN.password);
  const admin = await person(browser, place.hub, { viewport: DESK });
  const may = (action) => admin.locator('li.allowed', { hasText: action });

  await step('finds an account', { admin }, async () => {
    await admin.goto('/organise/people');
    await admin.getByLabel('E-mail').fill(ADMIN.email);
    await admin.getByLabel('Password').fill(ADMIN.password);
    await button(admin, 'Sign in').click();
    await admin.getByLabel('Search').fill('chair@');
    await admin.getByText(ADMIN.email).waitFor({ state: 'detached' });
    await inspect(admin, 'people');
    await admin.getByRole('link', { name: MODERATOR.email }).click();
    await may('Make and change conferences').getByText('as Organiser').waitFor();
    await inspect(admin, 'person');
  });

  await step('takes a role in the whole organisation', { admin }, async () => {
    await admin.getByRole('group').getByText('Organiser').click();
    await may('Make and change conferences').waitFor({ state: 'detached' });
    assert.equal(await may('Run sessions').count(), 0);
  });

  await step('gives one in a single conference', { admin }, async () => {
    await admin.getByLabel('Role', { exact: true }).selectOption({ label: 'Moderator' });
    const grants = admin.getByRole('region', { name: 'Roles in single conferences' });
    await grants.getByLabel('Where').selectOption({ label: 'Open Futures 2026' });
    await button(admin, 'Give this role').click();
    await grants.getByRole('listitem').getByText('Moderator').waitFor();
    const why = admin.getByRole('region', { name: 'What this account may do' });
    assert.equal(await may('Run sessions').count(), 0);
    await why.getByLabel('Where').selectOption({ label: 'Open Futures 2026' });
    await may('Run sessions').getByText('as Moderator').waitFor();
    await grants.getByRole('button', { name: 'Take away: Moderator' }).click();
    await may('Run sessions').waitFor({ state: 'detached' });
  });
});
