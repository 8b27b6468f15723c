import { describe, expect, it } from 'vitest';
import { filled, slotOf, timesOf, type Slot } from './slot';

const ZONE = 'Europe/Berlin';
const slot: Slot = { day: '2026-11-22', from: '09:00', to: '09:45', hall: ' Main hall ' };

describe('a slot', () => {
  it('is told in moments, by the clock of the conference', () => {
    expect(timesOf(slot, ZONE)).toEqual({
      starts_at: '2026-11-22T08:00:00.000Z',
      ends_at: '2026-11-22T08:45:00.000Z',
      hall: 'Main hall',
    });
  });

  it('may end after midnight', () => {
    expect(timesOf({ ...slot, from: '23:00', to: '01:00' }, ZONE).ends_at).toBe('2026-11-23T00:00:00.000Z');
  });

  it('comes back as it was filled in', () => {
    const session = { id: '1', title: '', status: '', summary: '', ...timesOf(slot, ZONE) };
    expect(slotOf(session, ZONE)).toEqual({ ...slot, hall: 'Main hall' });
    expect(timesOf({ ...slot, hall: ' ' }, ZONE).hall).toBeNull();
  });

  it('needs both of its times', () => {
    expect(filled(slot)).toBe(true);
    expect(filled({ ...slot, to: '' })).toBe(false);
    expect(filled({ ...slot, to: '09:00' })).toBe(false);
  });
});
