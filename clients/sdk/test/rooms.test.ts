import { describe, expect, it } from 'vitest';
import { PlenumClient } from '../src/client.ts';
import { World } from './world.ts';

const ROOM = 'poll:1';

async function live() {
  const world = new World();
  const client = new PlenumClient({ url: 'https://hub.example', token: async () => 'T', surroundings: world });
  client.connect();
  const socket = await world.greet();
  return { world, client, socket };
}

function ears() {
  const heard: string[] = [];
  return {
    heard,
    listener: (update: { kind: string; seq?: number; push?: { seq?: number; ev: string }; refusal?: { code: string } }) => {
      heard.push([update.kind, update.refusal?.code ?? update.push?.ev ?? update.seq, update.push?.seq].filter((part) => part !== undefined).join(' '));
    },
  };
}

const state = (seq: number) => ({ room: ROOM, epoch: '1', seq, state: { seq } });
const push = (prev: number, seq: number) => ({ room: ROOM, prev, seq, ev: 'poll.results', data: {} });

describe('a room', () => {
  it('gives its state, then each change once', async () => {
    const { client, socket } = await live();
    const { heard, listener } = ears();
    client.join(ROOM, listener);
    socket.ok(state(41));
    socket.push([push(41, 57), push(41, 57), { room: ROOM, ev: 'poll.mine', data: {} }]);
    expect(heard).toEqual(['state 41', 'push poll.results 57', 'push poll.mine']);
  });

  it('that is wanted before the line is up is joined with the first frame', async () => {
    const world = new World();
    const client = new PlenumClient({ url: 'https://hub.example', token: async () => 'T', surroundings: world });
    client.join(ROOM, () => {});
    client.join('qa:1', () => {});
    client.connect();
    const socket = await world.greet();
    expect(socket.frames[1]).toMatchObject([{ op: 'join', room: ROOM }, { op: 'join', room: 'qa:1' }]);
  });

  it('is asked for what is missing when a push leaves a gap', async () => {
    const { client, socket } = await live();
    const { heard, listener } = ears();
    client.join(ROOM, listener);
    socket.ok(state(41));
    socket.push(push(50, 57));
    socket.push(push(57, 58));
    expect(socket.next()).toMatchObject({ op: 'join', since: { epoch: '1', seq: 41 } });
    socket.push({ re: socket.sent.at(-1)?.id, ok: { room: ROOM, epoch: '1', seq: 58, replay: [push(41, 58)] } });
    expect(heard).toEqual(['state 41', 'push poll.results 58']);
    expect(socket.ops.filter((op) => op === 'join').length).toBe(2);
  });

  it('is taken up where it was after a break', async () => {
    const { world, client, socket } = await live();
    const { heard, listener } = ears();
    client.join(ROOM, listener);
    socket.ok(state(41));
    socket.end();
    world.network('maybe-back');
    const back = await world.greet();
    const join = back.ok({ room: ROOM, epoch: '1', seq: 42, replay: [push(41, 42)] });
    expect(join.since).toEqual({ epoch: '1', seq: 41 });
    expect(heard).toEqual(['state 41', 'push poll.results 42']);
  });

  it('gives a second listener the state too', async () => {
    const { client, socket } = await live();
    const [first, second] = [ears(), ears()];
    client.join(ROOM, first.listener);
    socket.ok(state(41));
    client.join(ROOM, second.listener);
    expect(socket.ok(state(42))).not.toHaveProperty('since');
    expect([first.heard, second.heard]).toEqual([['state 41', 'state 42'], ['state 42']]);
  });

  it('is left with its last listener', async () => {
    const { client, socket } = await live();
    const [first, second] = [ears(), ears()];
    const stopFirst = client.join(ROOM, first.listener);
    const stopSecond = client.join(ROOM, second.listener);
    socket.ok(state(41));
    stopFirst();
    expect(socket.ops).not.toContain('leave');
    stopSecond();
    expect(socket.ops.at(-1)).toBe('leave');
    socket.push(push(41, 42));
    expect(second.heard).toEqual(['state 41']);
  });

  it('that is refused says so once and is not asked for again', async () => {
    const { world, client, socket } = await live();
    const { heard, listener } = ears();
    client.join(ROOM, listener);
    socket.err('hub.not_found');
    socket.end();
    world.network('maybe-back');
    const back = await world.greet();
    expect([heard, back.ops]).toEqual([['refused hub.not_found'], ['hello']]);
  });

  it('that is refused for a while is asked for again', async () => {
    const { world, client, socket } = await live();
    const { heard, listener } = ears();
    client.join(ROOM, listener);
    socket.err('hub.busy', 100);
    await world.pass(350);
    socket.ok(state(1));
    expect(heard).toEqual(['state 1']);
  });
});
