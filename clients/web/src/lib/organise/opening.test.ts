import { describe, expect, it } from 'vitest';
import { blankOpening, complete, fitted } from './opening';

const blank = blankOpening('2026-11-22');

describe('a first conference', () => {
  it('needs a title, a session and a question', () => {
    expect(complete(blank, 'conference')).toBe(false);
    expect(complete({ ...blank, details: { ...blank.details, title: 'Harbour Days' } }, 'conference')).toBe(true);
    expect(complete(blank, 'session')).toBe(false);
    expect(complete({ ...blank, poll: { ...blank.poll, title: 'Tea?', labels: ['Yes', 'No'] } }, 'poll')).toBe(true);
  });

  it('does not end before it begins', () => {
    const details = { ...blank.details, title: 'Harbour Days', ends_on: '2026-11-21' };
    expect(complete({ ...blank, details }, 'conference')).toBe(false);
  });

  it('keeps its session within its days', () => {
    const details = { ...blank.details, starts_on: '2026-12-01', ends_on: '2026-12-03' };
    expect(fitted({ ...blank, details }).session.slot.day).toBe('2026-12-01');
    expect(fitted(blank).session.slot.day).toBe('2026-11-22');
  });
});
