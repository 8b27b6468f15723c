import { IndexedDbOutbox, PlenumClient, Refusal, SignedOut, type HelloOk, type RoomUpdate, type Settled } from '@plenum/sdk';
import type { Reduce } from '$lib/rooms/push';
import { callWhole, type Whole } from './api';
import { Action, Actions } from './actions.svelte';
import type { Identity } from './identity.svelte';
import { recall, remember } from './memory';
import { LiveRoom } from './room.svelte';

/** `ended`: the hub will not have us any more; signing in again is the way back. */
export type Status = 'connecting' | 'online' | 'offline' | 'ended';

interface Held {
  room: LiveRoom<unknown>;
  users: number;
  leave: () => void;
}

/** After this long without a connection the page says so; shorter gaps heal unseen. */
const GRACE_MS = 1200;
const CLIENT = 'web/0.1';

/** One face's live line to the hub: its rooms, and what becomes of its actions. */
export class Connection {
  status = $state<Status>('connecting');
  /** True once a missing connection is worth telling. */
  lost = $state(false);
  hello = $state.raw<HelloOk | null>(null);
  readonly actions = new Actions();
  #client: PlenumClient;
  #rooms = new Map<string, Held>();
  /** What was held last of rooms that nobody looks at now: there at once when somebody looks again. */
  #left = new Map<string, unknown>();
  #grace: ReturnType<typeof setTimeout> | undefined;

  /** `scope` names the person: what this device remembers for one is never shown to another. */
  constructor(
    private readonly identity: Identity<object>,
    readonly scope: string,
  ) {
    this.#client = new PlenumClient({
      url: location.origin,
      client: CLIENT,
      outbox: new IndexedDbOutbox(`plenum-outbox-${scope}`),
      token: async (fresh) => {
        const token = await identity.token(fresh);
        if (token === null) throw new SignedOut();
        return token;
      },
    });
    this.#client.onSettled((settled) => this.#settled(settled));
    this.#client.onPending(() => this.#adopt());
  }

  open(): void {
    this.#client.connect();
    this.#client.onState((state) => {
      if (state.phase === 'live') this.hello = state.hello;
      if (state.phase === 'live') this.#turn('online');
      else if (state.phase === 'waiting') this.#turn('offline');
      else this.#turn(state.phase === 'stopped' ? 'ended' : 'connecting');
    });
  }

  close(): void {
    clearTimeout(this.#grace);
    this.#client.close();
  }

  /** This device is nobody any more: the page leads back to its way in. */
  forget(): void {
    this.identity.forget();
  }

  /** The hub's clock in milliseconds since 1970. */
  now = (): number => this.#client.serverNow();

  /** Joins a room, or shares the join that another part of the page holds. Pair with `release`. */
  hold<S>(id: string, reduce: Reduce<S>): LiveRoom<S> {
    const held = this.#rooms.get(id) ?? this.#join(id, reduce as Reduce<unknown>);
    held.users += 1;
    return held.room as LiveRoom<S>;
  }

  release(id: string): void {
    const held = this.#rooms.get(id);
    if (!held || --held.users > 0) return;
    this.#rooms.delete(id);
    this.#left.set(id, held.room.state);
    held.leave();
  }

  /** Sends an action whose fate can be watched; `tag` is what the page wants to know it by, `undo` takes back its guess. */
  act(op: string, room: string, data: Record<string, unknown> = {}, tag = '', undo?: () => void): Action {
    const action = this.#note(new Action(this.#client.newKey(), op, room, data, tag, undo));
    // Its end is told by `onSettled`; only what never went into the queue is told here.
    this.#client.command(room, op, data, action.key).catch((error: unknown) => refuse(action, error));
    return action;
  }

  /** As `act`, for callers that need the answer itself. Rejects with a `Refusal`. */
  async ask(op: string, room: string, data: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.#client.command(room, op, data);
  }

  /** Reads over REST, as the same person. */
  async read<T>(path: string): Promise<Whole<T>> {
    const token = await this.identity.token();
    return callWhole<T>(path, { token: token ?? undefined, tenant: this.identity.current?.tenant });
  }

  /** For what is worthless later: sent now or not at all, and nobody waits for the answer. */
  toss(op: string, room: string, data: Record<string, unknown>): void {
    this.#client.signal(room, op, data).catch(() => undefined);
  }

  #join(id: string, reduce: Reduce<unknown>): Held {
    const room = new LiveRoom<unknown>(id, reduce);
    const key = `${this.scope}/${id}`;
    room.state = this.#left.get(id) ?? null;
    room.onstate = (state) => remember(key, state);
    void recall(key).then((state) => {
      if (state !== null && room.state === null) room.state = state;
    });
    const leave = this.#client.join(id, (update) => hear(room, update));
    const held = { room, users: 0, leave };
    this.#rooms.set(id, held);
    return held;
  }

  #turn(status: Status): void {
    this.status = status;
    if (status === 'online') {
      clearTimeout(this.#grace);
      this.#grace = undefined;
      this.lost = false;
    } else if (!this.lost) {
      this.#grace ??= setTimeout(() => (this.lost = true), GRACE_MS);
    }
    for (const action of this.actions.list) if (action.open) action.fate = this.#hope();
  }

  #hope(): 'sending' | 'waiting' {
    return this.status === 'offline' || this.status === 'ended' ? 'waiting' : 'sending';
  }

  #note(action: Action): Action {
    action.fate = this.#hope();
    return this.actions.add(action);
  }

  /** Actions that an earlier page left behind are shown as this page's own. */
  #adopt(): void {
    for (const { key, op, room, data } of this.#client.pending) {
      if (!this.actions.has(key)) this.#note(new Action(key, op, room, data as Action['data']));
    }
  }

  #settled(settled: Settled): void {
    const action = this.actions.list.find((held) => held.key === settled.entry.key);
    if (!action) return;
    if ('ok' in settled) action.fate = 'counted';
    else refuse(action, settled.refusal);
  }
}

function hear(room: LiveRoom<unknown>, update: RoomUpdate | { kind: 'refused'; refusal: Refusal }): void {
  if (update.kind === 'state') room.replace(update.state);
  else if (update.kind === 'push') room.push(update.push);
  else room.refused = update.refusal.code;
}

function refuse(action: Action, error: unknown): void {
  if (action.fate === 'refused') return;
  action.fate = 'refused';
  action.undo?.();
  action.code = error instanceof Refusal ? error.code : 'hub.internal';
}
