import { describe, expect, it } from 'vitest';
import { backoffMs } from '../src/link/backoff.ts';
import { ServerClock } from '../src/link/clock.ts';
import { Pace } from '../src/outbox/pace.ts';
import { socketUrl } from '../src/client.ts';
import { uuid7 } from '../src/uuid.ts';

describe('the wait before a try', () => {
  it('doubles from half a second to half a minute, and chance takes any part of it', () => {
    expect([0, 1, 2, 5, 6, 7, 99].map((tries) => backoffMs(tries, 1))).toEqual([
      500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000,
    ]);
    expect(backoffMs(3, 0)).toBe(0);
    expect(backoffMs(3, 0.25)).toBe(1_000);
  });
});

describe("the hub's clock", () => {
  it('is taken from the shortest round trip', () => {
    const clock = new ServerClock();
    expect([clock.offsetMs, clock.rttMs]).toEqual([0, undefined]);
    clock.add(1_000, 1_400, 6_200);
    clock.add(2_000, 2_020, 7_030);
    clock.add(3_000, 3_900, 9_999);
    expect([clock.offsetMs, clock.rttMs]).toEqual([5_020, 20]);
  });

  it('forgets what was long ago', () => {
    const clock = new ServerClock();
    clock.add(0, 2, 5_001);
    for (let at = 0; at < 8; at++) clock.add(at * 100, at * 100 + 10, at * 100 + 5 + 7_000);
    expect(clock.offsetMs).toBe(7_000);
  });
});

describe('the pace', () => {
  it('lets a burst through, then so many a second', () => {
    const pace = new Pace();
    pace.announce({ commands_per_s: 10, commands_burst: 2 }, 0);
    expect([pace.take(0), pace.take(0), pace.take(0)]).toEqual([0, 0, 100]);
    expect([pace.take(100), pace.take(100)]).toEqual([0, 100]);
  });

  it('knows hubs without a limit', () => {
    const pace = new Pace();
    pace.announce({ commands_per_s: 0, commands_burst: 0 }, 0);
    expect(pace.take(0)).toBe(0);
  });
});

describe('a key', () => {
  it('is a UUIDv7 of its time', () => {
    const key = uuid7(0x0198_c0de_7001, new Uint8Array(16).fill(0xff));
    expect(key).toBe('0198c0de-7001-7fff-bfff-ffffffffffff');
  });
});

describe("a hub's address", () => {
  it('leads to its socket', () => {
    expect(socketUrl('https://tedx.plenum.example')).toBe('wss://tedx.plenum.example/api/v1/networking/connect');
    expect(socketUrl('http://127.0.0.1:8080/x')).toBe('ws://127.0.0.1:8080/api/v1/networking/connect');
    expect(socketUrl('ws://127.0.0.1:8080/own')).toBe('ws://127.0.0.1:8080/own');
  });
});
