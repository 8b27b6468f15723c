import { describe, expect, it } from 'vitest';
import { endNames, reduce, rows, votable, type Poll, type PollState, type Results } from './model.svelte';

const poll: Poll = {
  id: 'p',
  title: 'Which?',
  kind: 'single',
  options: [
    { id: 'a', label: 'A' },
    { id: 'b', label: 'B' },
  ],
  status: 'open',
  round: 1,
  anonymous: true,
  results_policy: 'always',
  max_choices: 1,
};
const results: Results = { round: 1, voters: 4, options: [{ id: 'a', votes: 1 }, { id: 'b', votes: 3 }] };
const state: PollState = { poll, results, mine: { options: ['a'] } };

describe('a rating', () => {
  const rating = (...labels: string[]): Poll => ({
    ...poll,
    kind: 'rating',
    options: labels.map((label, at) => ({ id: String(at + 1), label })),
  });

  it('says what its ends mean where they have a name', () => {
    expect(endNames(rating('Poor', '2', 'Great'))).toEqual(['Poor', 'Great']);
    expect(endNames(rating('1', '2', '3'))).toBeNull();
    expect(endNames(poll)).toBeNull();
  });
});

describe('a poll', () => {
  it('takes results as they are', () => {
    const next = reduce(state, { ev: 'poll.results', data: { ...results, voters: 5 } });
    expect(next.results?.voters).toBe(5);
    expect(next.mine).toEqual({ options: ['a'] });
  });

  it('forgets vote and tally in a new round', () => {
    const next = reduce(state, { ev: 'poll.status', data: { ...poll, round: 2, status: 'draft' } });
    expect(next).toEqual({ poll: { ...poll, round: 2, status: 'draft' }, results: null, mine: null });
  });

  it('keeps the tally of a round that it hears of before the round itself', () => {
    const early = reduce(state, { ev: 'poll.results', data: { round: 2, voters: 0 } });
    expect(reduce(early, { ev: 'poll.status', data: { ...poll, round: 2 } }).results?.round).toBe(2);
  });

  it('passes over a tally of a round that is over', () => {
    const second = reduce(state, { ev: 'poll.status', data: { ...poll, round: 2 } });
    expect(reduce(second, { ev: 'poll.results', data: results })).toBe(second);
  });

  it('is replaced by a whole state', () => {
    const data = { poll: { ...poll, status: 'closed' }, results: null, mine: null };
    expect(reduce(state, { ev: 'poll.state', data })).toBe(data);
  });

  it('leaves its state alone for what it does not know', () => {
    expect(reduce(state, { ev: 'poll.sparkles', data: {} })).toBe(state);
  });

  it('lets a voter vote again only where votes may be changed', () => {
    expect(votable(state)).toBe('voted');
    expect(votable({ ...state, poll: { ...poll, change_vote: true } })).toBe('yes');
    expect(votable({ ...state, poll: { ...poll, status: 'closed' }, mine: null })).toBe('closed');
  });
});

describe('its bars', () => {
  it('are shares of the people who voted', () => {
    expect(rows(poll, results).map((row) => [row.id, row.share, row.lead])).toEqual([
      ['a', 0.25, false],
      ['b', 0.75, true],
    ]);
  });

  it('lead together when they are level', () => {
    const level = { ...results, options: [{ id: 'a', votes: 2 }, { id: 'b', votes: 2 }] };
    expect(rows(poll, level).every((row) => row.lead)).toBe(true);
  });

  it('are empty without votes', () => {
    const none = { round: 1, voters: 0, options: [] };
    expect(rows(poll, none).every((row) => row.share === 0 && !row.lead)).toBe(true);
  });

  it('stand in the order of a ranking, the best possible being the whole', () => {
    const ranking: Results = { round: 1, voters: 2, options: [{ id: 'a', points: 2 }, { id: 'b', points: 4 }] };
    const bars = rows({ ...poll, kind: 'ranking' }, ranking);
    expect(bars.map((row) => [row.id, row.share])).toEqual([
      ['b', 1],
      ['a', 0.5],
    ]);
  });
});
