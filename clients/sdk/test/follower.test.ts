import { describe, expect, it } from 'vitest';
import { Follower } from '../src/rooms/follower.ts';
import type { Push } from '../src/wire.ts';

const ROOM = 'poll:1';

function at(seq: number): Follower {
  const follower = new Follower(ROOM);
  follower.joined({ room: ROOM, epoch: '1', seq, state: {} });
  return follower;
}

function push(prev: number, seq: number, ev = 'poll.results'): Push {
  return { room: ROOM, prev, seq, ev, data: { seq } };
}

describe('a push', () => {
  it('that was held already is passed over', () => {
    expect(at(57).take(push(41, 57))).toEqual({ updates: [] });
  });

  it('that covers the next fact is applied, however many it covers before it', () => {
    for (const place of [41, 50, 56]) {
      const follower = at(place);
      expect(follower.take(push(41, 57))).toMatchObject({ updates: [{ kind: 'push' }] });
      expect(follower.place).toEqual({ epoch: '1', seq: 57 });
    }
  });

  it('behind a gap is not applied', () => {
    const follower = at(40);
    expect(follower.take(push(41, 57))).toBe('gap');
    expect(follower.place?.seq).toBe(40);
  });

  it('without a place is applied at once, before the join is answered too', () => {
    const present = { room: ROOM, ev: 'session.present', data: { present: 3 } };
    expect(new Follower(ROOM).take(present)).toMatchObject({ updates: [{ kind: 'push', push: present }] });
  });

  it('with a place waits for the join', () => {
    expect(new Follower(ROOM).take(push(0, 1))).toEqual({ updates: [] });
  });

  it('that is a state replaces, across a gap and at the same place', () => {
    for (const place of [40, 58]) {
      const follower = at(place);
      expect(follower.take(push(57, 58, 'poll.state'))).toEqual({
        updates: [{ kind: 'state', room: ROOM, seq: 58, state: { seq: 58 } }],
      });
    }
  });

  it('that is a state of the past asks for the present one', () => {
    const follower = at(60);
    expect(follower.take(push(57, 58, 'poll.state'))).toBe('gap');
    expect(follower.place).toBeUndefined();
  });
});

describe('coming back', () => {
  it('applies what was missed and only that', () => {
    const follower = at(41);
    const replay = [push(30, 41), push(41, 57), push(57, 58)];
    const updates = follower.joined({ room: ROOM, epoch: '1', seq: 60, replay });
    expect(updates.map((update) => update.kind === 'push' && update.push.seq)).toEqual([57, 58]);
    expect(follower.place?.seq).toBe(60);
  });

  it('into another history forgets what was held', () => {
    const follower = at(41);
    const updates = follower.joined({ room: ROOM, epoch: '2', seq: 3, state: { fresh: true } });
    expect(updates).toEqual([{ kind: 'state', room: ROOM, seq: 3, state: { fresh: true } }]);
    expect(follower.place).toEqual({ epoch: '2', seq: 3 });
  });
});

describe('any loss', () => {
  /** A small generator with a seed, so that a failure can be seen again. */
  function dice(seed: number): (sides: number) => number {
    let state = seed;
    return (sides) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return (state >>> 8) % sides;
    };
  }

  it.each(Array.from({ length: 200 }, (_, seed) => seed))('ends with every fact once (seed %i)', (seed) => {
    const roll = dice(seed);
    const facts = 30;
    const follower = at(0);
    const seen: number[] = [];
    const hear = (from: number, to: number) => {
      for (let fact = from + 1; fact <= to; fact++) seen.push(fact);
    };
    const deliver = (prev: number, seq: number) => {
      const before = follower.place?.seq ?? 0;
      const verdict = follower.take(push(prev, seq));
      if (verdict === 'gap') {
        follower.joined({ room: ROOM, epoch: '1', seq, replay: [push(before, seq)] });
        hear(before, seq);
      } else if (verdict.updates.length > 0) hear(before, seq);
    };
    for (let prev = 0; prev < facts; ) {
      const seq = Math.min(facts, prev + 1 + roll(4));
      const fate = roll(4);
      if (fate !== 0 || seq === facts) deliver(prev, seq);
      if (fate === 1) deliver(Math.max(0, prev - roll(3)), seq);
      prev = seq;
    }
    expect(seen).toEqual(Array.from({ length: facts }, (_, at) => at + 1));
  });
});
