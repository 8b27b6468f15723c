import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { PlenumClient, type ClientOptions } from '../src/client.ts';
import { IndexedDbOutbox } from '../src/outbox/indexeddb.ts';
import { MemoryOutbox, type Outbox } from '../src/outbox/outbox.ts';
import type { Refusal } from '../src/refusal.ts';
import { World, settle } from './world.ts';

const POLL = 'poll:1';
const QA = 'qa:1';

function clientIn(world: World, options: Partial<ClientOptions> = {}): PlenumClient {
  return new PlenumClient({ url: 'https://hub.example', token: async () => 'T', surroundings: world, ...options });
}

async function live(options: Partial<ClientOptions> = {}, hello: object = {}) {
  const world = new World();
  const client = clientIn(world, options);
  client.connect();
  const socket = await world.greet(hello);
  return { world, client, socket };
}

/** Breaks the line and lets the client come back. */
async function comeBack(world: World) {
  world.socket.end();
  world.network('maybe-back');
  return world.greet();
}

const codeOf = (promise: Promise<unknown>) => promise.then(() => 'done', (refusal: Refusal) => refusal.code);

describe('an action', () => {
  it('carries a key and ends with its answer', async () => {
    const { client, socket } = await live();
    const answer = client.command(POLL, 'poll.vote', { options: ['a'] });
    const sent = socket.ok({ seq: 42 });
    expect(sent).toMatchObject({ op: 'poll.vote', room: POLL, data: { options: ['a'] } });
    expect(sent.key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await answer).toEqual({ seq: 42 });
    expect(client.pending).toEqual([]);
  });

  it('that is refused rejects with the code', async () => {
    const { client, socket } = await live();
    const answer = codeOf(client.command(POLL, 'poll.vote'));
    socket.err('poll.closed');
    expect(await answer).toBe('poll.closed');
  });

  it('without an answer is sent again with its key when the line is back', async () => {
    const { world, client, socket } = await live();
    const answer = client.command(POLL, 'poll.vote', { options: ['a'] });
    const first = socket.next();
    const again = (await comeBack(world)).ok({ seq: 42 });
    expect(again.key).toBe(first.key);
    expect(await answer).toEqual({ seq: 42 });
  });

  it('in a room that was left meanwhile joins it for as long as it takes', async () => {
    const { world, client, socket } = await live();
    const answer = client.command(QA, 'qa.ask', { text: 'Why?' });
    const first = socket.err('hub.not_joined');
    expect(socket.ok({ room: QA, epoch: '1', seq: 7, state: {} })).toMatchObject({ op: 'join', room: QA });
    const second = await comeBack(world);
    expect(second.ok({ room: QA, epoch: '1', seq: 7, state: {} })).toMatchObject({ op: 'join', room: QA });
    expect(second.ok({ seq: 8 })).toMatchObject({ op: 'qa.ask', key: first.key });
    expect(await answer).toEqual({ seq: 8 });
    expect(second.next()).toMatchObject({ op: 'leave', room: QA });
  });

  it('keeps nobody from listening on when it is through', async () => {
    const { client, socket } = await live();
    const answer = client.command(QA, 'qa.ask', { text: 'Why?' });
    socket.err('hub.not_joined');
    client.join(QA, () => {});
    expect(socket.ok({ room: QA, epoch: '1', seq: 7, state: {} })).toMatchObject({ op: 'join' });
    expect(socket.ok({ seq: 8 })).toMatchObject({ op: 'qa.ask' });
    await answer;
    expect(socket.ops).not.toContain('leave');
  });

  it('done offline waits and is sent once', async () => {
    const world = new World();
    const client = clientIn(world);
    const answer = client.command(POLL, 'poll.vote');
    client.connect();
    const socket = await world.greet();
    socket.ok({ seq: 1 });
    expect(await answer).toEqual({ seq: 1 });
    expect(socket.ops).toEqual(['hello', 'poll.vote']);
  });

  it('waits for the one before it in its room, and for none in another', async () => {
    const { client, socket } = await live();
    void client.command(POLL, 'poll.vote', { options: ['a'] });
    void client.command(POLL, 'poll.vote', { options: ['b'] });
    void client.command(QA, 'qa.ask', { text: '?' });
    expect(socket.ops).toEqual(['hello', 'poll.vote', 'qa.ask']);
    socket.ok({ seq: 1 });
    expect(socket.sent.at(-1)?.data).toEqual({ options: ['b'] });
  });

  it('refused for a while is tried again later, before what came after it', async () => {
    const { world, client, socket } = await live();
    const first = client.command(POLL, 'poll.vote', { options: ['a'] });
    void client.command(POLL, 'poll.vote', { options: ['b'] });
    const refused = socket.err('hub.busy', 250);
    await world.pass(499);
    expect(socket.ops).toEqual(['hello', 'poll.vote']);
    await world.pass(1);
    const again = socket.ok({ seq: 1 });
    expect(again.key).toBe(refused.key);
    expect(await first).toEqual({ seq: 1 });
  });

  it('refused for a while for ever is refused in the end', async () => {
    const { world, client, socket } = await live({}, { ping_s: 100_000 });
    const answer = codeOf(client.command(POLL, 'poll.vote'));
    for (let tries = 0; tries <= 10; tries++) {
      socket.err('hub.moved', 10);
      await world.pass(30_000);
    }
    expect(await answer).toBe('hub.moved');
  });

  it('that meets an ended token gets a new one and is sent again', async () => {
    const { world, client, socket } = await live();
    const answer = client.command(POLL, 'poll.vote');
    socket.err('hub.token_expired');
    await world.pass(500);
    expect(socket.ok({}).op).toBe('auth.refresh');
    socket.ok({ seq: 9 });
    expect(await answer).toEqual({ seq: 9 });
  });

  it('is one of many that meet it and the token is asked for once', async () => {
    let asked = 0;
    const { client, socket } = await live({ token: async () => String(asked++) });
    for (const room of [POLL, QA]) void client.command(room, 'poll.vote');
    socket.err('hub.token_expired');
    socket.err('hub.token_expired');
    expect(asked).toBe(2);
  });

  it('beyond the bound is refused clearly', async () => {
    const client = clientIn(new World(), { outboxMax: 2 });
    void client.command(POLL, 'poll.vote');
    void client.command(POLL, 'poll.vote');
    expect(await codeOf(client.command(POLL, 'poll.vote'))).toBe('client.outbox_full');
    expect(client.pending.length).toBe(2);
  });

  it('too long for the hub is refused without being sent', async () => {
    const { client, socket } = await live({}, { max_frame_bytes: 200 });
    expect(await codeOf(client.command(QA, 'qa.ask', { text: 'x'.repeat(200) }))).toBe('hub.too_large');
    expect(socket.ops).toEqual(['hello']);
  });

  it('keeps to the announced limits', async () => {
    const { world, client, socket } = await live({}, { limits: { commands_per_s: 10, commands_burst: 2 } });
    for (let room = 0; room < 4; room++) void client.command(`poll:${room}`, 'poll.vote');
    expect(socket.ops.length).toBe(3);
    await world.pass(100);
    expect(socket.ops.length).toBe(4);
    await world.pass(100);
    expect(socket.ops.length).toBe(5);
  });
});

describe('a signal', () => {
  it('has no key and is not kept', async () => {
    const { world, client, socket } = await live();
    const answer = client.signal('session:1', 'session.react', { emoji: '👏' });
    expect(socket.ok({})).not.toHaveProperty('key');
    expect(await answer).toEqual({});
    world.socket.end();
    expect(await codeOf(client.signal('session:1', 'session.react'))).toBe('client.offline');
    const back = await comeBack(world);
    expect(back.ops).toEqual(['hello']);
  });
});

describe.each<[string, () => Outbox]>([
  ['in memory', () => new MemoryOutbox()],
  ['in IndexedDB', () => new IndexedDbOutbox(`outbox-${Math.random()}`)],
])('an outbox %s', (_, make) => {
  it('brings a page back to what an earlier one left, in order, and forgets what is answered', async () => {
    const outbox = make();
    const before = clientIn(new World(), { outbox });
    void before.command(POLL, 'poll.vote', { options: ['a'] }, '0198c0de-0001-7000-8000-000000000001');
    void before.command(QA, 'qa.ask', { text: '?' }, '0198c0de-0002-7000-8000-000000000002');
    await expect.poll(() => outbox.all()).toHaveLength(2);

    const world = new World();
    const client = clientIn(world, { outbox });
    const settled: string[] = [];
    client.onSettled(({ entry }) => settled.push(entry.op));
    client.connect();
    await expect.poll(() => client.pending.length).toBe(2);
    const socket = await world.greet();
    socket.ok({ seq: 1 });
    socket.err('qa.too_long');
    expect(settled).toEqual(['poll.vote', 'qa.ask']);
    await expect.poll(() => outbox.all()).toEqual([]);
  });
});

describe('an outbox that cannot be written', () => {
  it('is told and costs nothing else', async () => {
    const broken: Outbox = {
      all: () => Promise.reject(new Error('no storage')),
      put: () => Promise.reject(new Error('no storage')),
      delete: () => Promise.reject(new Error('no storage')),
    };
    const trouble: unknown[] = [];
    const { client, socket } = await live({ outbox: broken, onTrouble: (error) => trouble.push(error) });
    const answer = client.command(POLL, 'poll.vote');
    socket.ok({ seq: 1 });
    expect(await answer).toEqual({ seq: 1 });
    await settle();
    expect(trouble.length).toBe(3);
  });
});
