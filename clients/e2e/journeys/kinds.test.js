// Every kind of poll, from the builder to the screen, and the same in Arabic.
import { after, before, test } from 'node:test';
import { DESK, inspect, launch, person, PHONE, WALL } from '../fixtures/browser.js';
import { buildPoll, join, pairScreen, startSession, takeDesk, vote } from '../fixtures/faces.js';
import { step } from '../fixtures/step.js';
import { world } from '../fixtures/world.js';

let place, browser, phone, desk, screen, arabic;

before(async () => {
  place = await world();
  browser = await launch();
  [phone, desk, screen, arabic] = await Promise.all([
    person(browser, place.hub, { viewport: PHONE }),
    person(browser, place.hub, { viewport: DESK }),
    person(browser, place.hub, { viewport: WALL }),
    person(browser, place.hub, { viewport: PHONE, locale: 'ar-EG' }),
  ]);
  await takeDesk(desk, place);
  await pairScreen(desk, screen);
  await startSession(desk);
  await join(phone, place.code, 'Mira');
});

after(async () => {
  await browser?.close();
  await place?.hub.close();
});

const field = (page) => page.getByLabel('Your answer');

/** How each kind is filled in, and what the screen shows of it. */
const KINDS = [
  {
    poll: { title: 'Which two?', kind: 'Several choices', options: ['Bread', 'Roses', 'Time'] },
    fill: async (page) => {
      for (const label of ['Bread', 'Roses']) await page.locator('label', { hasText: label }).click();
    },
    shown: '100%',
  },
  {
    poll: { title: 'How was it?', kind: 'Rating' },
    fill: (page) => page.locator('label', { hasText: '4' }).click(),
    shown: 'Average',
  },
  {
    poll: { title: 'One word for today', kind: 'Word cloud' },
    fill: (page) => field(page).fill('curious'),
    shown: 'curious',
  },
  {
    poll: { title: 'What did we miss?', kind: 'Open text' },
    fill: (page) => field(page).fill('A window that opens.'),
    shown: 'A window that opens.',
  },
  {
    poll: { title: 'How many cups?', kind: 'Number' },
    fill: (page) => field(page).fill('4'),
    shown: 'Median',
  },
];

test('polls of the other kinds', async () => {
  for (const { poll, fill, shown } of KINDS) {
    await step(poll.kind, { phone, desk, screen }, async () => {
      await buildPoll(desk, poll);
      await desk.getByRole('button', { name: 'Open voting' }).click();
      await phone.getByRole('heading', { name: poll.title }).waitFor();
      await fill(phone);
      await inspect(phone, `vote-${poll.kind}`);
      await phone.getByRole('button', { name: 'Vote', exact: true }).click();
      await phone.getByText('Counted').waitFor();
      await screen.getByText(shown).first().waitFor({ state: 'attached' });
      await inspect(screen, `screen-${poll.kind}`);
      await inspect(desk, `desk-${poll.kind}`);
    });
  }
});

test('an Arabic attendee beside an English hall', async () => {
  await arabic.goto(`/j/${place.code}`);
  await arabic.locator('html[dir=rtl]').waitFor({ state: 'attached' });
  await inspect(arabic, 'arabic-join');
  await arabic.getByLabel('اسمك').fill('ليلى');
  await arabic.getByRole('button', { name: 'انضم', exact: true }).click();
  await buildPoll(desk, { title: 'أي موضوع نبدأ به؟', options: ['الثقة', 'البيانات المفتوحة'] });
  await desk.getByRole('button', { name: 'Open voting' }).click();
  await arabic.getByRole('heading', { name: 'أي موضوع نبدأ به؟' }).waitFor();
  await inspect(arabic, 'arabic-vote');
  await vote(arabic, 'الثقة', 'صوّت');
  await arabic.getByText('تم احتسابه').waitFor();
  await inspect(arabic, 'arabic-counted');
  await arabic.getByRole('button', { name: 'الأسئلة' }).click();
  await inspect(arabic, 'arabic-questions');
});
