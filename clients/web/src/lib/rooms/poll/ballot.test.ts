import { describe, expect, it } from 'vitest';
import { blank, complete, give, sendable, spent, toggle } from './ballot';
import type { Poll, PollKind } from './model.svelte';

const options = ['a', 'b', 'c'].map((id) => ({ id, label: id.toUpperCase() }));
const poll = (kind: PollKind, more: Partial<Poll> = {}): Poll => ({
  id: 'p',
  title: 'Which?',
  kind,
  options,
  status: 'open',
  round: 1,
  anonymous: true,
  results_policy: 'always',
  max_choices: null,
  ...more,
});

describe('choosing', () => {
  it('replaces a single choice', () => {
    expect(toggle(poll('single'), { options: ['a'] }, 'b')).toEqual({ options: ['b'] });
  });

  it('stops at the maximum of a multiple choice', () => {
    const two = poll('multiple', { max_choices: 2 });
    expect(toggle(two, { options: ['a', 'b'] }, 'c')).toEqual({ options: ['a', 'b'] });
    expect(toggle(two, { options: ['a', 'b'] }, 'a')).toEqual({ options: ['b'] });
  });

  it('is not done while nothing is chosen', () => {
    expect(complete(poll('single'), blank(poll('single')))).toBe(false);
  });
});

describe('ranking', () => {
  it('starts complete, in the order of the poll', () => {
    expect(complete(poll('ranking'), blank(poll('ranking')))).toBe(true);
  });

  it('names no more than the poll takes', () => {
    const two = poll('ranking', { max_choices: 2 });
    expect(sendable(two, { options: ['c', 'a', 'b'] })).toEqual({ options: ['c', 'a'] });
  });
});

describe('points', () => {
  it('go in tenths of the budget and never beyond it', () => {
    const points = poll('points', { budget: 100 });
    let ballot = give(points, blank(points), 'a', 9);
    ballot = give(points, ballot, 'b', 3);
    expect(ballot).toEqual({ points: { a: 90, b: 10 } });
    expect(spent(ballot)).toBe(100);
  });

  it('keep to the step of the poll', () => {
    expect(give(poll('points', { budget: 100, step: 25 }), { points: {} }, 'a', 1)).toEqual({ points: { a: 25 } });
  });

  it('leave no empty entries behind', () => {
    expect(give(poll('points'), { points: { a: 10 } }, 'a', -1)).toEqual({ points: {} });
  });
});

describe('numbers and words', () => {
  it('must be in the range', () => {
    const rating = poll('rating', { min: 1, max: 5 });
    expect(complete(rating, { value: 5 })).toBe(true);
    expect(complete(rating, { value: 6 })).toBe(false);
    expect(complete(poll('numeric'), {})).toBe(false);
  });

  it('must say something', () => {
    expect(complete(poll('open'), { text: '  ' })).toBe(false);
    expect(complete(poll('wordcloud'), { text: 'joy' })).toBe(true);
  });
});
