// A visitor from the invitation to the rooms: the form that the organiser made, the ticket, the waiting list.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESK, inspect, launch, person, PHONE } from '../fixtures/browser.js';
import { step } from '../fixtures/step.js';
import { MODERATOR, world } from '../fixtures/world.js';

let place, browser, organiser, noor, sam, pages;

before(async () => {
  place = await world();
  browser = await launch();
  [organiser, noor, sam] = await Promise.all([
    person(browser, place.hub, { viewport: DESK }),
    person(browser, place.hub, { viewport: PHONE }),
    person(browser, place.hub, { viewport: PHONE, locale: 'ar' }),
  ]);
  pages = { organiser, noor, sam };
  for (const page of Object.values(pages)) page.on('dialog', (dialog) => dialog.accept());
});

after(async () => {
  await browser?.close();
  await place?.hub.close();
});

const button = (page, name) => page.getByRole('button', { name, exact: true });
const part = (name) => `/organise/c/${place.conference.id}/${name}`;

test('a form is made, somebody registers, and the ticket leads into the rooms', async () => {
  await step('the organiser makes the form', pages, async () => {
    await organiser.goto(part('registration'));
    await organiser.getByLabel('E-mail').fill(MODERATOR.email);
    await organiser.getByLabel('Password').fill(MODERATOR.password);
    await button(organiser, 'Sign in').click();
    await organiser.getByText('People register by themselves').click();
    await organiser.getByLabel('Places').fill('1');
    await button(organiser, 'Add a question').click();
    await organiser.getByLabel('Question 1').fill('What do you eat?');
    await organiser.getByLabel('Answer', { exact: true }).selectOption({ label: 'One of several' });
    await organiser.getByLabel('What can be chosen, a line each').fill('Everything\nVegetarian');
    await organiser.getByRole('listitem').filter({ has: organiser.getByLabel('Question 1') }).getByText('Needed').click();
    await button(organiser, 'Add a consent').click();
    await organiser.getByLabel('Consent 1').fill('I keep to the code of conduct.');
    await organiser.getByLabel('What helps to answer it').fill('For the kitchen.');
    await button(organiser, 'Save').click();
    await organiser.getByText('Saved.').waitFor();
    await inspect(organiser, 'registration-form');
  });

  await step('and says it in Arabic too', pages, async () => {
    await organiser.getByLabel('The conference’s own language').selectOption({ label: 'English' });
    await button(organiser, 'Take this language').click();
    await organiser.getByLabel('One more language').selectOption({ label: 'Arabic' });
    await button(organiser, 'Add it').click();
    await organiser.getByText('5 texts are missing here.').waitFor();
    await organiser.getByLabel('Question 1 in Arabic', { exact: true }).fill('ماذا تأكل؟');
    await organiser.getByLabel('Everything', { exact: true }).fill('كل شيء');
    await organiser.getByText('3 texts are missing here.').waitFor();
    await inspect(organiser, 'registration-form-languages');
    await button(organiser, 'Save').click();
    await organiser.getByText('Saved.').waitFor();
  });

  await step('what is missing is said where it is missing', pages, async () => {
    await noor.goto(`/register/${place.code}`);
    await button(noor, 'Register').waitFor();
    await inspect(noor, 'register');
    await noor.getByText('For the kitchen.').waitFor();
    await noor.getByLabel('Name *').fill('Noor Haddad');
    await noor.getByLabel('E-mail *').fill('noor');
    await button(noor, 'Register').click();
    await noor.getByText('This is not an e-mail address.').waitFor();
    await noor.getByText('3 answers have to be changed.').waitFor();
    await inspect(noor, 'register-faults');
  });

  await step('she registers, and the device keeps her ticket', pages, async () => {
    await noor.getByLabel('E-mail *').fill('noor@example.org');
    await noor.getByLabel('What do you eat? *').selectOption('Vegetarian');
    await noor.getByText('I keep to the code of conduct.').click();
    await button(noor, 'Register').click();
    await noor.getByRole('heading', { name: 'You have a place' }).waitFor();
    await noor.getByRole('img', { name: 'QR code of the ticket' }).waitFor();
    await noor.reload();
    await noor.getByRole('img', { name: 'QR code of the ticket' }).waitFor();
    await inspect(noor, 'register-ticket');
  });

  await step('who comes late is told before that they will wait', pages, async () => {
    await sam.goto(`/register/${place.code}`);
    await sam.getByText(/^كل الأماكن محجوزة/).waitFor();
    await sam.getByLabel('الاسم *').fill('سامي');
    await sam.getByLabel('البريد الإلكتروني *').fill('sami@example.org');
    await sam.getByText('For the kitchen.').waitFor();
    await sam.getByLabel('ماذا تأكل؟ *').selectOption('كل شيء');
    await sam.getByText('I keep to the code of conduct.').click();
    await inspect(sam, 'register-arabic');
    await button(sam, 'انضم إلى قائمة الانتظار').click();
    await sam.getByRole('heading', { name: 'أنت في قائمة الانتظار' }).waitFor();
  });

  await step('the ticket leads into the rooms', pages, async () => {
    await button(noor, 'Enter the rooms').click();
    await noor.getByRole('navigation').getByRole('button', { name: 'Now' }).waitFor();
  });
});

test('the organiser sees who comes, and a place moves on', async () => {
  await step('the list', pages, async () => {
    await organiser.goto(part('people'));
    await organiser.getByRole('heading', { name: '2 people' }).waitFor();
    await organiser.getByLabel('Registration').selectOption({ label: 'Waits for a place' });
    await organiser.getByRole('heading', { name: '1 person' }).waitFor();
    await organiser.getByLabel('Registration').selectOption({ label: 'All' });
    await organiser.getByText('noor@example.org').waitFor();
    await inspect(organiser, 'participants');
  });

  await step('a list is looked at, then brought, each wrong line named', pages, async () => {
    const csv = 'name,email,What do you eat?\nAda,ada@example.org,Everything\nBo,bo@example.org,Fish\n';
    const buffer = Buffer.from(csv);
    await organiser.getByLabel('The file').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer });
    await organiser.getByText('1 line is left out:').waitFor();
    await organiser.getByText(/Line 3:.*answers\.what_do_you_eat/).waitFor();
    await inspect(organiser, 'participants-import');
    await button(organiser, 'Bring 1 person').click();
    await organiser.getByText('ada@example.org').waitFor();
  });

  await step('and taken along, with the answers', pages, async () => {
    const loading = organiser.waitForEvent('download');
    await button(organiser, 'Download as CSV').click();
    const stream = await (await loading).createReadStream();
    const text = Buffer.concat(await stream.toArray()).toString();
    assert.match(text, /^name,email,status,.*answers\.what_do_you_eat/);
    assert.match(text, /Noor Haddad,noor@example\.org,confirmed,.*,Vegetarian/);
  });

  await step('one participant', pages, async () => {
    await organiser.getByRole('link', { name: 'Noor Haddad' }).click();
    await organiser.getByText('Vegetarian').waitFor();
    await organiser.getByRole('img', { name: 'QR code of the ticket' }).waitFor();
    await organiser.getByRole('region', { name: 'What they did' }).getByText('Registered').waitFor();
    await inspect(organiser, 'participant');
  });

  await step('what she was written, and written again', pages, async () => {
    const mails = organiser.getByRole('region', { name: 'Mails' });
    await mails.getByText('Confirmed, with the ticket').waitFor();
    await mails.getByText('sent', { exact: true }).waitFor();
    await button(mails, 'Send how it stands by mail').click();
    await mails.getByText('to be sent').or(mails.getByText('on its way')).or(mails.getByText('sent', { exact: true })).first().waitFor();
  });

  await step('the link of the mail leads to the ticket on another device', pages, async () => {
    const other = await person(browser, place.hub, { viewport: PHONE });
    const kept = await noor.evaluate(() => JSON.parse(localStorage.getItem('plenum.registrations') ?? '{}'));
    await other.goto(`/register/${place.code}#${kept[place.code].receipt}`);
    await other.getByRole('img', { name: 'QR code of the ticket' }).waitFor();
    assert.equal(new URL(other.url()).hash, '', 'the receipt does not stay in the address');
    await other.getByText('It comes to you by mail, too').waitFor();
    await other.close();
  });

  await step('some are picked, and only their badges printed', pages, async () => {
    await organiser.goto(part('people'));
    await organiser.getByLabel('All on this page').check();
    await organiser.getByText('2 people picked').waitFor();
    await organiser.getByLabel('Pick Ada').press('Space');
    await organiser.getByText('1 person picked').waitFor();
    await inspect(organiser, 'participants-picked');
    const loading = organiser.waitForEvent('download');
    await button(organiser, 'Print their badges').click();
    const stream = await (await loading).createReadStream();
    assert.match(Buffer.concat(await stream.toArray()).toString('latin1'), /^%PDF-/);
  });

  await step('and who came to a session', pages, async () => {
    const [{ id }] = await place.hub.rest('GET', `/conferences/${place.conference.id}/participants?search=noor`, { token: place.token });
    const body = { participant_id: id, session_id: place.session.id };
    await place.hub.rest('POST', `/conferences/${place.conference.id}/check-ins`, { token: place.token, body });
    await organiser.goto(part(`attendance/${place.session.id}`));
    await organiser.getByText('1 person came.').waitFor();
    await organiser.getByRole('link', { name: 'Noor Haddad' }).waitFor();
    await inspect(organiser, 'attendance');
  });

  await step('she calls off, and who waited has a place', pages, async () => {
    await noor.goto(`/register/${place.code}`);
    await button(noor, 'Call it off').click();
    await noor.getByRole('heading', { name: 'Called off' }).waitFor();
    await sam.reload();
    await sam.getByRole('heading', { name: 'لديك مكان' }).waitFor();
    await inspect(sam, 'register-ticket-arabic');
  });
});
