import { describe, expect, it } from 'vitest';
import { Moves } from './moves';
import type { Session, SessionDetails } from './rest';

const session = (id: string, change: Partial<SessionDetails>): Session => ({
  id,
  title: id,
  status: 'scheduled',
  summary: '',
  starts_at: '',
  ends_at: '',
  hall: null,
  ...change,
});

describe('moves', () => {
  it('are told one at a time, and what moved on meanwhile only where it ended', async () => {
    const [told, kept]: [string[], string[]] = [[], []];
    const moves = new Moves(
      async (id, change) => {
        told.push(`${id} ${change.starts_at ?? ''} ${change.hall ?? ''}`);
        return session(id, change);
      },
      ({ id, starts_at }) => kept.push(`${id} ${starts_at}`),
      () => undefined,
    );
    const all = [moves.add('a', { starts_at: '1' }), moves.add('a', { starts_at: '2' }), moves.add('b', { starts_at: '9' })];
    await Promise.all([...all, moves.add('a', { hall: 'H' })]);
    expect(told).toEqual(['a 1 ', 'a 2 H', 'b 9 ']);
    expect(kept).toEqual(['a 2', 'b 9']);
  });

  it('that fail take back what waited, and the next one is tried again', async () => {
    const faults: unknown[] = [];
    let down = true;
    const told: string[] = [];
    const moves = new Moves(
      async (id, change) => {
        if (down) throw new TypeError('gone');
        told.push(id);
        return session(id, change);
      },
      () => undefined,
      (error) => faults.push(error),
    );
    await Promise.all([moves.add('a', { starts_at: '1' }), moves.add('b', { starts_at: '1' })]);
    down = false;
    await moves.add('c', { starts_at: '1' });
    expect([faults.length, told]).toEqual([1, ['c']]);
  });
});
