// The door: a camera that sees a real code, a network that goes away, two devices that scan the same ticket.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { DESK, inspect, launch, person, PHONE } from '../fixtures/browser.js';
import { cameraFlags, film } from '../fixtures/camera.js';
import { step } from '../fixtures/step.js';
import { MODERATOR, world } from '../fixtures/world.js';

const OWNER = { email: 'owner@example.org', password: 'the house and all its doors' };
const DORA = { email: 'dora@example.org', password: 'hands a stamp to everybody' };
const BACK_MS = 60_000;
let place, browser, door, other, pages;
const tickets = {};

before(async () => {
  place = await world();
  await doorPerson();
  await people('Noor Haddad', 'Sam Okoye', 'Ada Çelik');
  const seen = path.join(place.hub.folder, 'camera.y4m');
  film(seen, tickets['Noor Haddad']);
  browser = await launch(cameraFlags(seen));
  [door, other] = await Promise.all([
    person(browser, place.hub, { viewport: PHONE }),
    person(browser, place.hub, { viewport: DESK }),
  ]);
  pages = { door, other };
});

after(async () => {
  await browser?.close();
  await place?.hub.close();
});

const button = (page, name) => page.getByRole('button', { name, exact: true });
const shown = (page) => page.locator('.shown');

/** Somebody who may let people in at this conference, and nothing else. */
async function doorPerson() {
  const { hub, conference } = place;
  for (const [{ email, password }, role] of [[OWNER, 'owner'], [DORA, 'speaker']]) {
    hub.command(['user', 'create', '--tenant', 'demo', '--email', email, '--role', role, '--password-stdin'], password);
  }
  const { access_token: token } = await hub.rest('POST', '/auth/login', { body: OWNER });
  const body = { name: 'Door', actions: ['rooms.watch', 'participants.check_in'] };
  const { id: role_id } = await hub.rest('POST', '/roles', { token, body });
  const [{ id }] = await hub.rest('GET', '/users?search=dora', { token });
  await hub.rest('POST', `/users/${id}/grants`, { token, body: { role_id, conference_id: conference.id } });
}

async function people(...names) {
  const { hub, token, conference, code } = place;
  await hub.rest('PUT', `/conferences/${conference.id}/registration`, { token, body: { open: true } });
  for (const name of names) {
    const email = `${name.split(' ')[0].toLowerCase()}@example.org`;
    ({ ticket: tickets[name] } = await hub.rest('POST', '/registration', { body: { code, name, email } }));
  }
}

async function takeDoor(page, { email, password }, device) {
  await page.goto(`/door/${place.conference.id}`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await button(page, 'Sign in').click();
  await shown(page).getByText('Ready').waitFor();
  await page.getByLabel('What this device is called').fill(device);
  await page.getByLabel('What this device is called').blur();
}

async function enter(page, code) {
  await page.getByLabel('Code of a ticket').fill(code);
  await button(page, 'Check').click();
}

async function letIn(page, name) {
  await page.getByLabel('Search by name').fill(name.toUpperCase());
  await page.getByRole('button', { name: `Let in: ${name}` }).click();
}

test('the camera reads a ticket', async () => {
  await step('once', pages, async () => {
    await takeDoor(door, DORA, 'Door 1');
    await inspect(door, 'door');
    await button(door, 'Scan with the camera').click();
    await shown(door).getByText('Welcome').waitFor();
    await shown(door).getByText('Noor Haddad').waitFor();
    await shown(door).getByText('The hub has it').waitFor();
    await button(door, 'Stop the camera').click();
    assert.equal(await door.getByRole('region', { name: 'Scanned here' }).getByRole('listitem').count(), 1);
    await inspect(door, 'door-welcome');
  });

  await step('and says when it is scanned again, or no ticket', pages, async () => {
    await enter(door, tickets['Noor Haddad']);
    await shown(door).getByText(/Already in at \d/).waitFor();
    await inspect(door, 'door-already');
    await enter(door, 'https://example.org/j/ABC');
    await shown(door).getByText('Not valid').waitFor();
    await enter(door, tickets['Noor Haddad'].replace('PLT1.A', 'PLT1.B'));
    await shown(door).getByText('Other conference').waitFor();
    await inspect(door, 'door-other');
  });
});

test('a door without a network goes on, and tells later', async () => {
  await step('another door lets Ada in', pages, async () => {
    await takeDoor(other, MODERATOR, 'Door 2');
    await letIn(other, 'Ada Çelik');
    await shown(other).getByText('Welcome').waitFor();
    await shown(other).getByText('The hub has it').waitFor();
  });

  await step('this one is alone: it checks signatures itself, and keeps what it scans', pages, async () => {
    await door.evaluate(() => navigator.serviceWorker.ready);
    await door.context().setOffline(true);
    await enter(door, tickets['Sam Okoye']);
    await shown(door).getByText('Welcome').waitFor();
    await shown(door).getByText('Kept on this device').waitFor();
    await letIn(door, 'Ada Çelik');
    await door.getByText('No network. 2 scans are kept here.').waitFor();
    const [mark, ids, signature] = tickets['Sam Okoye'].split('.');
    await enter(door, `${mark}.${ids}.${signature.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))}`);
    await shown(door).getByText('Not valid').waitFor();
    await inspect(door, 'door-offline');
  });

  await step('a reload loses nothing', pages, async () => {
    await door.reload();
    await door.getByText('No network. 2 scans are kept here.').waitFor();
    await enter(door, tickets['Sam Okoye']);
    await shown(door).getByText(/Already in at \d/).waitFor();
  });

  await step('back again it tells, and hears of the other door', pages, async () => {
    await door.context().setOffline(false);
    await door.getByText(/^No network/).waitFor({ state: 'detached', timeout: BACK_MS });
    await door.getByText(/Already in at .*Door 2/).waitFor({ timeout: BACK_MS });
    await door.getByText('not told yet').waitFor({ state: 'detached' });
    await inspect(door, 'door-told');
  });

  await step('the organiser sees all three, each once', pages, async () => {
    await other.goto(`/organise/c/${place.conference.id}/people`);
    await other.getByLabel('At the door').selectOption({ label: 'Came in' });
    await other.getByRole('heading', { name: '3 people' }).waitFor();
    assert.equal(await other.getByText(/^in since/).count(), 3);
    const counted = await place.hub.rest('GET', `/conferences/${place.conference.id}/check-ins?counts=true`, { token: place.token });
    assert.equal(counted.length, 3);
  });
});
