import { describe, expect, it } from 'vitest';
import { listed, own, reduce, type QaState, type Question } from './model.svelte';

const question = (id: string, more: Partial<Question> = {}): Question => ({
  id,
  text: `question ${id}`,
  status: 'live',
  votes: 0,
  author: null,
  asked_ms: Number(id),
  claimed_by: null,
  reason: null,
  ...more,
});
const state: QaState = {
  settings: { premoderation: true, anonymous: true, open: true },
  questions: [question('1', { votes: 2 }), question('2', { votes: 5, score: 100 }), question('3', { status: 'pending' })],
  mine: [],
  asked: [],
};
const ids = (questions: Question[]): string[] => questions.map(({ id }) => id);

describe('questions', () => {
  it('hold each question once', () => {
    const next = reduce(state, { ev: 'qa.question', data: question('1', { text: 'edited' }) });
    expect(next.questions).toHaveLength(3);
    expect(next.questions[0]?.text).toBe('edited');
  });

  it('take absolute counts and leave the others as they are', () => {
    const next = reduce(state, { ev: 'qa.votes', data: { votes: { '1': 9 }, scores: { '2': 700 } } });
    expect(next.questions.map(({ votes }) => votes)).toEqual([9, 5, 0]);
    expect(next.questions[1]?.score).toBe(700);
    expect(next.questions[2]).toBe(state.questions[2]);
  });

  it('hear of my vote on another device', () => {
    const up = reduce(state, { ev: 'qa.mine', data: { question: '2', up: true } });
    expect(up.mine).toEqual(['2']);
    expect(reduce(up, { ev: 'qa.mine', data: { question: '2', up: false } }).mine).toEqual([]);
  });

  it('count my vote for what the question became part of', () => {
    const data = question('2', { status: 'merged', merged_into: '1' });
    expect(reduce({ ...state, mine: ['2'] }, { ev: 'qa.question', data }).mine).toEqual(['2', '1']);
  });
});

describe('my own questions', () => {
  it('keep what I was told, whatever gravestone comes after it', () => {
    const told = question('7', { status: 'rejected', reason: 'off topic' });
    const fate = reduce(state, { ev: 'qa.fate', data: told });
    const later = reduce(fate, { ev: 'qa.question', data: question('7', { status: 'rejected', text: '' }) });
    expect(own(later)).toEqual([told]);
  });

  it('are those of the join state, the newest first', () => {
    expect(ids(own({ ...state, asked: ['1', '3'] }))).toEqual(['3', '1']);
  });
});

describe('the list', () => {
  it('shows no question that waits', () => {
    expect(ids(listed(state.questions, 'top'))).toEqual(['2', '1']);
  });

  it('puts the pinned one first and the answered ones last', () => {
    const list = [question('1', { status: 'answered', votes: 9 }), question('2'), question('3', { status: 'pinned' })];
    expect(ids(listed(list, 'top'))).toEqual(['3', '2', '1']);
  });

  it('sorts by age or by how sure the support is', () => {
    const list = [question('1', { votes: 20, score: 150 }), question('2', { votes: 5, score: 400 }), question('3')];
    expect(ids(listed(list, 'new'))).toEqual(['3', '2', '1']);
    expect(ids(listed(list, 'best'))).toEqual(['2', '1', '3']);
  });
});
