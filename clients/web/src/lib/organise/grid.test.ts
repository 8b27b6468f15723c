import { describe, expect, it } from 'vitest';
import { blocks, halls, hours, moved, snap } from './grid';
import type { Session } from './rest';

const ZONE = 'Europe/Berlin';
const DAY = '2026-11-22';
const session = (id: string, from: string, to: string, hall: string | null = 'A'): Session => ({
  id,
  title: id,
  status: 'scheduled',
  summary: '',
  starts_at: `${DAY}T${from}:00Z`,
  ends_at: `${DAY}T${to}:00Z`,
  hall,
});

describe('the grid of a day', () => {
  it('has the sessions of that day by the clock of the conference', () => {
    const list = [session('a', '09:00', '10:00'), session('late', '23:30', '23:45')];
    expect(blocks(list, DAY, ZONE).map(({ session: { id }, start, end }) => [id, start, end])).toEqual([['a', 600, 660]]);
  });

  it('puts side by side what overlaps in one hall, and only that', () => {
    const list = [
      session('a', '09:00', '10:00'),
      session('b', '09:30', '10:30'),
      session('c', '10:00', '11:00'),
      session('d', '11:00', '12:00'),
      session('e', '09:00', '10:00', 'B'),
    ];
    const lanes = blocks(list, DAY, ZONE).map(({ session: { id }, lane, lanes }) => [id, lane, lanes]);
    expect(lanes).toEqual([
      ['a', 0, 2],
      ['b', 1, 2],
      ['c', 0, 2],
      ['d', 0, 1],
      ['e', 0, 1],
    ]);
  });

  it('lists halls by name, numbers as numbers, nothing last', () => {
    const list = ['Hall 10', null, 'Hall 9'].map((hall, at) => session(String(at), '09:00', '10:00', hall));
    expect(halls(list)).toEqual(['Hall 9', 'Hall 10', '']);
  });

  it('shows the working day and what lies outside of it', () => {
    expect(hours([])).toEqual({ from: 480, to: 1080 });
    expect(hours(blocks([session('a', '05:30', '21:10')], DAY, ZONE))).toEqual({ from: 360, to: 1380 });
  });
});

describe('a moved session', () => {
  it('lasts as long as before', () => {
    const times = moved(session('a', '09:00', '09:50'), '2026-11-23', 10 * 60 + 15, ZONE);
    expect(times).toEqual({ starts_at: '2026-11-23T09:15:00.000Z', ends_at: '2026-11-23T10:05:00.000Z' });
  });

  it('stays within its day, in steps', () => {
    expect(moved(session('a', '09:00', '09:50'), DAY, -30, ZONE).starts_at).toBe('2026-11-21T23:00:00.000Z');
    expect(snap(607)).toBe(605);
  });
});
