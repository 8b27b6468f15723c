import { describe, expect, it } from 'vitest';
import { clockText, daysOf, instantOf, minuteOf, wallOf } from './zone';

const BERLIN = 'Europe/Berlin';
const at = (text: string): number => Date.parse(text);

describe('the wall of a conference', () => {
  it('shows its own time', () => {
    expect(wallOf(at('2026-11-22T09:05:00Z'), BERLIN)).toEqual({ day: '2026-11-22', minute: 10 * 60 + 5 });
    expect(wallOf(at('2026-11-22T23:30:00Z'), 'Asia/Kolkata')).toEqual({ day: '2026-11-23', minute: 5 * 60 });
  });

  it('is read back to the same moment, on both sides of a change of the clocks', () => {
    for (const zone of [BERLIN, 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'UTC']) {
      for (let hour = 0; hour < 24 * 370; hour += 31) {
        const moment = at('2026-01-01T00:10:00Z') + hour * 3_600_000;
        const wall = wallOf(moment, zone);
        expect(wallOf(instantOf(wall, zone), zone), `${zone} ${JSON.stringify(wall)}`).toEqual(wall);
      }
    }
  });

  it('means the first of an hour that comes twice', () => {
    expect(instantOf({ day: '2026-10-25', minute: 150 }, BERLIN)).toBe(at('2026-10-25T00:30:00Z'));
  });

  it('goes on past an hour that there is not', () => {
    expect(instantOf({ day: '2026-03-29', minute: 150 }, BERLIN)).toBe(at('2026-03-29T01:30:00Z'));
  });
});

it('days are listed over the end of a month', () => {
  expect(daysOf('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
  expect(daysOf('2026-03-01', '2026-02-01')).toEqual([]);
});

it('times of the day are read and written', () => {
  expect(clockText(9 * 60 + 5)).toBe('09:05');
  expect(minuteOf('23:59')).toBe(23 * 60 + 59);
});
