import { describe, expect, it } from 'vitest';
import { PlenumClient } from '../src/client.ts';
import { SignedOut } from '../src/refusal.ts';
import { World } from './world.ts';

interface Line {
  world: World;
  client: PlenumClient;
  phases: string[];
  /** What the token callback was asked: was a fresh one wanted? */
  asked: boolean[];
  trouble: unknown[];
}

function line(token: () => Promise<string> = async () => 'T'): Line {
  const world = new World();
  const phases: string[] = [];
  const asked: boolean[] = [];
  const trouble: unknown[] = [];
  const client = new PlenumClient({
    url: 'https://hub.example',
    client: 'test/1',
    token: (fresh) => {
      asked.push(fresh);
      return token();
    },
    surroundings: world,
    onTrouble: (error) => trouble.push(error),
  });
  client.onState(({ phase }) => phases.push(phase));
  return { world, client, phases, asked, trouble };
}

async function liveLine(hello: object = {}): Promise<Line> {
  const made = line();
  made.client.connect();
  await made.world.greet(hello);
  return made;
}

describe('opening', () => {
  it('says hello first, with the token and who it is', async () => {
    const { world, client, phases } = line();
    client.connect();
    const socket = await world.greet();
    expect([socket.url, socket.subprotocol]).toEqual([
      'wss://hub.example/api/v1/networking/connect',
      'plenum.v1.json',
    ]);
    expect(socket.sent).toEqual([{ id: 1, op: 'hello', data: { token: 'T', client: 'test/1' } }]);
    expect(phases).toEqual(['idle', 'connecting', 'live']);
  });

  it('that takes longer than ten seconds is given up', async () => {
    const { world, client } = line();
    client.connect();
    await world.pass(9_999);
    expect(client.state.phase).toBe('connecting');
    await world.pass(1);
    expect([client.state.phase, world.socket.closedWith]).toEqual(['waiting', 1000]);
  });

  it('waits longer after each failure, by chance', async () => {
    const { world, client } = line();
    world.chance = 0.999;
    client.connect();
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries++) {
      await world.pass(0);
      world.socket.end();
      const { state } = client;
      if (state.phase !== 'waiting') throw new Error(state.phase);
      waits.push(Math.ceil((state.untilMs - world.nowMs) / 500) * 500);
      await world.pass(state.untilMs - world.nowMs);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('that is refused for the token asks for a fresh one', async () => {
    const { world, client, asked } = line();
    client.connect();
    await world.pass(0);
    world.socket.onopen?.();
    world.socket.err('hub.token_expired');
    await world.pass(500);
    expect(asked).toEqual([false, true]);
  });

  it('that is forbidden stops', async () => {
    const { world, client } = line();
    client.connect();
    await world.pass(0);
    world.socket.onopen?.();
    world.socket.err('hub.forbidden');
    expect(client.state).toEqual({ phase: 'stopped', reason: 'refused', code: 'hub.forbidden' });
  });

  it('without a token to be had stops, and a passing failure does not', async () => {
    const signedOut = line(() => Promise.reject(new SignedOut()));
    signedOut.client.connect();
    await signedOut.world.pass(0);
    expect(signedOut.client.state).toMatchObject({ phase: 'stopped', reason: 'signed-out' });

    const offline = line(() => Promise.reject(new Error('no network')));
    offline.client.connect();
    await offline.world.pass(0);
    expect(offline.client.state.phase).toBe('waiting');
  });
});

describe('a close', () => {
  it('of a good socket spreads the first try over the window that the hub named', async () => {
    const { world, client } = await liveLine({ herd_ms: 8_000 });
    await world.pass(11_000);
    world.socket.end(1006);
    expect(client.state).toEqual({ phase: 'waiting', untilMs: world.nowMs + 4_000 });
  });

  it.each([4400, 4403])('with %i is the end', async (code) => {
    const { world, client } = await liveLine();
    world.socket.end(code);
    await world.pass(60_000);
    expect(client.state).toEqual({ phase: 'stopped', reason: 'refused', code: String(code) });
    expect(world.sockets.length).toBe(1);
  });

  it('with 4401 asks for a fresh token', async () => {
    const { world, asked } = await liveLine();
    world.socket.end(4401);
    await world.pass(5_000);
    expect(asked).toEqual([false, true]);
  });

  it.each([4408, 4429, 4500, 1012])('with %i is a reason to come back', async (code) => {
    const { world, client } = await liveLine();
    world.socket.end(code);
    await world.pass(5_000);
    await world.greet();
    expect([client.state.phase, world.sockets.length]).toEqual(['live', 2]);
  });

  it('by the client is final until it connects again', async () => {
    const { world, client } = await liveLine();
    client.close();
    await world.pass(60_000);
    expect([client.state.phase, world.socket.closedWith, world.sockets.length]).toEqual(['idle', 1000, 1]);
    client.connect();
    await world.greet();
    expect(client.state.phase).toBe('live');
  });
});

describe('a goodbye', () => {
  const moving = (after_ms: number) => ({ ev: 'hub.moving', data: { after_ms } });

  it('moves the client at its own moment', async () => {
    const { world, client } = await liveLine();
    world.socket.push(moving(1_834));
    await world.pass(1_833);
    expect([client.state.phase, world.sockets.length]).toEqual(['live', 1]);
    await world.pass(1);
    await world.greet();
    expect([client.state.phase, world.sockets.length]).toEqual(['live', 2]);
  });

  it('holds when the socket closes before, and when the page wakes up', async () => {
    const { world, client } = await liveLine();
    world.socket.push(moving(3_000));
    world.socket.end(1012);
    expect(client.state).toEqual({ phase: 'waiting', untilMs: world.nowMs + 3_000 });
    world.network('maybe-back');
    expect(client.state.phase).toBe('waiting');
    await world.pass(3_000);
    expect(world.sockets.length).toBe(2);
  });
});

describe('waking up', () => {
  it('while waiting tries at once', async () => {
    const { world, client } = await liveLine();
    world.socket.end();
    world.network('maybe-back');
    await world.pass(0);
    expect([client.state.phase, world.sockets.length]).toEqual(['connecting', 2]);
  });

  it('while live finds a dead socket in three seconds', async () => {
    const { world, client } = await liveLine();
    world.network('maybe-back');
    expect(world.socket.ops).toEqual(['hello', 'ping']);
    await world.pass(3_000);
    expect(client.state.phase).toBe('waiting');
  });
});

describe('a machine that says it has no network', () => {
  it('is believed once the socket does not answer', async () => {
    const { world, client } = await liveLine();
    world.network('maybe-gone');
    world.socket.ok({ server_ms: world.nowMs });
    await world.pass(3_000);
    expect(client.state.phase).toBe('live');
    world.network('maybe-gone');
    await world.pass(3_000);
    expect(client.state.phase).toBe('waiting');
  });

  it('makes no try of its own', async () => {
    const { world, client } = await liveLine();
    world.socket.end();
    world.network('maybe-gone');
    expect([client.state.phase, world.sockets.length]).toEqual(['waiting', 1]);
  });
});

describe('pings', () => {
  it('go out as often as the hub asks, and set the clock', async () => {
    const { world, client } = await liveLine({ ping_s: 20 });
    await world.pass(20_000);
    world.nowMs += 40;
    world.socket.ok({ server_ms: world.nowMs + 5_000 });
    expect(client.serverNow() - world.nowMs).toBe(0);
    await world.pass(19_960);
    world.socket.ok({ server_ms: world.nowMs + 5_000 });
    expect([client.serverNow() - world.nowMs, client.rttMs]).toEqual([5_000, 0]);
  });

  it('that stay without an answer end the socket', async () => {
    const { world, client } = await liveLine();
    await world.pass(25_000 + 9_999);
    expect(client.state.phase).toBe('live');
    await world.pass(1);
    expect(client.state.phase).toBe('waiting');
  });
});

describe('the token', () => {
  it('is renewed a minute before its end, on the open socket', async () => {
    const { world, asked } = await liveLine({ token_ends_ms: new World().nowMs + 900_000, ping_s: 10_000 });
    await world.pass(839_999);
    expect(asked).toEqual([false]);
    await world.pass(1);
    expect(asked).toEqual([false, true]);
    const command = world.socket.ok({ token_ends_ms: world.nowMs + 900_000 });
    expect(command).toMatchObject({ op: 'auth.refresh', data: { token: 'T' } });
    await world.pass(840_000);
    expect(asked).toEqual([false, true, true]);
  });

  it('that lives for years does not fire at once', async () => {
    const { world, asked } = await liveLine({ token_ends_ms: new World().nowMs + 3e11, ping_s: 1e9 });
    await world.pass(2 ** 31);
    expect(asked).toEqual([false]);
  });
});

describe('a frame that cannot be read', () => {
  it('ends the socket, is told, and does not end the client', async () => {
    const { world, client, trouble } = await liveLine();
    world.socket.onmessage?.({ data: '{"ev":' });
    expect([client.state.phase, trouble.length]).toEqual(['waiting', 1]);
  });
});
