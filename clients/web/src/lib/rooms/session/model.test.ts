import { describe, expect, it } from 'vitest';
import { read, reduce, spell, type SessionState, type Timer } from './model.svelte';

const MINUTE = 60_000;
const idle: Timer = { state: 'idle', duration_ms: 0, ends_at_ms: null, remaining_ms: null };
const running: Timer = { state: 'running', duration_ms: 10 * MINUTE, ends_at_ms: 10 * MINUTE, remaining_ms: null };
const state: SessionState = {
  session: { id: 's', title: 'Keynote', status: 'live' },
  live: { kind: 'blank', room: null, text: null },
  timer: idle,
  present: 1,
  rooms: { qa: 'qa:s', messaging: 'messaging:s', polls: [] },
};

describe('a session', () => {
  it('changes only what a push is about', () => {
    const next = reduce(state, { ev: 'session.present', data: { present: 40 } });
    expect(next).toEqual({ ...state, present: 40 });
  });

  it('learns of new polls', () => {
    expect(reduce(state, { ev: 'session.polls', data: { polls: ['poll:1'] } }).rooms.polls).toEqual(['poll:1']);
  });

  it('tells moderators what its polls are called', () => {
    const titles = [{ room: 'poll:1', title: 'Tea?' }];
    expect(reduce(state, { ev: 'session.polls', data: { polls: ['poll:1'], titles } }).poll_titles).toEqual(titles);
  });

  it('keeps nothing of reactions', () => {
    expect(reduce(state, { ev: 'session.reactions', data: { counts: { '👏': 3 } } })).toBe(state);
  });
});

describe('a countdown', () => {
  it('is read from the clock alone', () => {
    expect(read(running, 0)).toMatchObject({ phase: 'calm', left_ms: 10 * MINUTE, share: 1 });
    expect(read(running, 9 * MINUTE)).toMatchObject({ phase: 'danger', share: 0.1 });
    expect(read(running, 11 * MINUTE)).toMatchObject({ phase: 'over', left_ms: -MINUTE, share: 0 });
  });

  it('warns when its timer says so', () => {
    const timer = { ...running, warn_ms: 5 * MINUTE, danger_ms: MINUTE };
    expect(read(timer, 4 * MINUTE).phase).toBe('calm');
    expect(read(timer, 5 * MINUTE).phase).toBe('warn');
    expect(read(timer, 9 * MINUTE).phase).toBe('danger');
  });

  it('stands still while it is paused', () => {
    const paused: Timer = { ...running, state: 'paused', ends_at_ms: null, remaining_ms: 3 * MINUTE };
    expect(read(paused, 99 * MINUTE)).toMatchObject({ left_ms: 3 * MINUTE, running: false });
  });

  it('reaches zero at its end, not a second before', () => {
    expect(spell(1)).toBe('0:01');
    expect(spell(0)).toBe('0:00');
    expect(spell(-999)).toBe('+0:00');
    expect(spell(-61_000)).toBe('+1:01');
    expect(spell(3_725_000)).toBe('1:02:05');
  });
});
