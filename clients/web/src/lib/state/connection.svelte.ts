import type { Push, Reduce } from '$lib/rooms/push';
import { Action, Actions } from './actions.svelte';
import { newKey } from './key';
import { Refusal, type CommandAnswer, type Hello, type Link, type LinkStatus } from './link';
import { recall, remember } from './memory';
import { LiveRoom } from './room.svelte';

interface Held {
  room: LiveRoom<unknown>;
  users: number;
  leave: () => void;
}

/** After this long without a connection the page says so; shorter gaps heal unseen. */
const GRACE_MS = 1200;

/** One face's live line to the hub: its rooms, and what becomes of its actions. */
export class Connection {
  status = $state<LinkStatus>('connecting');
  /** True once a missing connection is worth telling. */
  lost = $state(false);
  hello = $state.raw<Hello | null>(null);
  readonly actions = new Actions();
  #link: Link;
  #rooms = new Map<string, Held>();
  #grace: ReturnType<typeof setTimeout> | undefined;

  /** `scope` separates what different people remember on one device. */
  constructor(
    link: (connection: Connection) => Link,
    readonly scope: string,
  ) {
    this.#link = link(this);
  }

  open(): void {
    this.turn('connecting');
    this.#link.open();
  }

  close(): void {
    clearTimeout(this.#grace);
    this.#link.close();
  }

  /** The hub's clock in milliseconds since 1970. */
  now = (): number => this.#link.now();

  /** The link reports its state here. */
  turn(status: LinkStatus): void {
    this.status = status;
    if (status === 'online') {
      clearTimeout(this.#grace);
      this.#grace = undefined;
      this.lost = false;
    } else if (!this.lost) {
      this.#grace ??= setTimeout(() => (this.lost = true), GRACE_MS);
    }
    for (const action of this.actions.list) {
      if (action.open) action.fate = status === 'online' ? 'sending' : 'waiting';
    }
  }

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
    held.leave();
  }

  #join(id: string, reduce: Reduce<unknown>): Held {
    const room = new LiveRoom<unknown>(id, reduce);
    const key = `${this.scope}/${id}`;
    room.onstate = (state) => remember(key, state);
    void recall(key).then((state) => {
      if (state !== null && room.state === null) room.state = state;
    });
    const leave = this.#link.join(id, {
      state: (state: unknown) => room.replace(state),
      push: (push: Push) => room.push(push),
      refused: (code: string) => (room.refused = code),
    });
    const held = { room, users: 0, leave };
    this.#rooms.set(id, held);
    return held;
  }

  /** Sends an action whose fate can be watched. */
  act(op: string, room: string, data: Record<string, unknown> = {}, tag = ''): Action {
    const action = new Action(newKey(), op, room, data, tag);
    this.actions.add(action);
    void this.#send(action);
    return action;
  }

  /** As `act`, for callers that need the answer itself. */
  async ask(op: string, room: string, data: Record<string, unknown> = {}): Promise<CommandAnswer> {
    const action = this.actions.add(new Action(newKey(), op, room, data));
    return this.#send(action, true);
  }

  /** Fire and forget, for what is worthless later. */
  toss(op: string, room: string, data: Record<string, unknown>): void {
    this.#link.ephemeral(op, room, data);
  }

  async #send(action: Action, strict = false): Promise<CommandAnswer> {
    action.fate = this.status === 'online' ? 'sending' : 'waiting';
    try {
      const answer = await this.#link.command(action.op, action.room, action.data, action.key);
      action.fate = 'counted';
      return answer;
    } catch (error) {
      action.fate = 'refused';
      action.code = error instanceof Refusal ? error.code : 'hub.internal';
      if (strict) throw error;
      return {};
    }
  }
}
