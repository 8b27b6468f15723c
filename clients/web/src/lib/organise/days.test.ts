import { expect, it } from 'vitest';
import { chaired, found, type Day } from './days';

const day = (date: string, chair_id: string | null): Day => ({
  date,
  title: date.endsWith('22') ? 'Workshops' : null,
  starts_at: `${date}T08:00:00.000Z`,
  ends_at: `${date}T18:00:00.000Z`,
  chair_id,
  chair_name: null,
});

it('a chair changes nothing else of the days', () => {
  const days = [day('2026-11-22', 'a'), day('2026-11-23', 'b')];
  const now = chaired(days, '2026-11-23', 'c');
  expect(now.map(({ chair_id }) => chair_id)).toEqual(['a', 'c']);
  expect(now[0]).toEqual({ date: '2026-11-22', title: 'Workshops', starts_at: days[0]?.starts_at, ends_at: days[0]?.ends_at, chair_id: 'a' });
  expect(chaired(days, '2026-11-22', null)[0]?.chair_id).toBeNull();
});

it('a day that was not said yet is added with its chair, and not without one', () => {
  expect(chaired([], '2026-11-24', 'a')).toEqual([{ date: '2026-11-24', chair_id: 'a' }]);
  expect(chaired([], '2026-11-24', null)).toEqual([]);
});

it('people are found by words in any order, without accents', () => {
  const people = [
    { id: '1', name: 'Zoë Öztürk', affiliation: 'Harbour Lab' },
    { id: '2', name: 'نور حداد', affiliation: null },
  ];
  const ids = (text: string) => found(people, text).map(({ id }) => id);
  expect(ids('ozturk zoe')).toEqual(['1']);
  expect(ids('lab')).toEqual(['1']);
  expect(ids('نور')).toEqual(['2']);
  expect(ids('')).toEqual(['1', '2']);
  expect(ids('nobody')).toEqual([]);
});
