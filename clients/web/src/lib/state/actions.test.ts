import { describe, expect, it } from 'vitest';
import { Action, Actions } from './actions.svelte';

const action = (key: string, op = 'qa.ask', room = 'qa:1'): Action => new Action(key, op, room, {});

describe('actions', () => {
  it('remember every one that has no answer, and some that have', () => {
    const actions = new Actions();
    const kept = actions.add(action('kept'));
    for (let n = 0; n < 80; n++) actions.add(action(`done${n}`)).fate = 'counted';
    expect(actions.has(kept.key)).toBe(true);
    expect(actions.list.length).toBeLessThan(60);
    expect(actions.waiting).toBe(1);
  });

  it('find the newest of a kind in a room', () => {
    const actions = new Actions();
    actions.add(action('1'));
    actions.add(action('2', 'qa.vote'));
    const newest = actions.add(action('3'));
    actions.add(action('4', 'qa.ask', 'qa:2'));
    expect(actions.last('qa:1', 'qa.ask')).toBe(newest);
  });

  it('are open until they are counted or refused', () => {
    const one = action('1');
    expect(one.open).toBe(true);
    one.fate = 'waiting';
    expect(one.open).toBe(true);
    one.fate = 'refused';
    expect(one.open).toBe(false);
  });
});
