import { HUB, isPassing } from '../codes.ts';
import { backoffMs } from '../link/backoff.ts';
import type { Outcome } from '../link/calls.ts';
import type { Link } from '../link/link.ts';
import { Timers } from '../link/timers.ts';
import { Refusal } from '../refusal.ts';
import type { Surroundings } from '../surroundings.ts';
import type { JoinOk, Push, RefusalBody } from '../wire.ts';
import { Follower, type RoomUpdate } from './follower.ts';

/** Hears a room; `refused` is the last that it hears. */
export type RoomListener = (update: RoomUpdate | { kind: 'refused'; room: string; refusal: Refusal }) => void;

interface Joined {
  follower: Follower;
  listeners: Set<RoomListener>;
  /** Something is still to be said there. */
  held: boolean;
  /** A join is under way. */
  asking: boolean;
  tries: number;
}

/** The rooms that somebody listens to or has something to say in, and their places. */
export class Rooms {
  private readonly rooms = new Map<string, Joined>();
  private readonly timers: Timers<string>;
  private readonly env: Surroundings;
  private readonly link: Link;

  constructor(env: Surroundings, link: Link) {
    this.env = env;
    this.link = link;
    this.timers = new Timers(env);
  }

  /** Listens to a room; the state comes first. A second listener gets it too, by joining anew. */
  listen(room: string, listener: RoomListener): () => void {
    const joined = this.rooms.get(room) ?? this.begin(room);
    joined.listeners.add(listener);
    joined.follower.place = undefined;
    this.ask(room, joined);
    return () => this.unlisten(room, listener);
  }

  /** Nobody listens any more. */
  leave(room: string): void {
    const joined = this.rooms.get(room);
    joined?.listeners.clear();
    if (joined && !joined.held) this.end(room);
  }

  /** An action waits for its answer: its room stays joined until then, whoever listens. */
  hold(room: string): void {
    const isNew = !this.rooms.has(room);
    const joined = this.rooms.get(room) ?? this.begin(room);
    joined.held = true;
    if (isNew) this.ask(room, joined);
  }

  release(room: string): void {
    const joined = this.rooms.get(room);
    if (!joined) return;
    joined.held = false;
    if (joined.listeners.size === 0) this.end(room);
  }

  /** The link is live again: ask for what was missed. */
  live(): void {
    for (const [room, joined] of this.rooms) {
      joined.tries = 0;
      this.ask(room, joined);
    }
  }

  push(push: Push): void {
    const joined = push.room === undefined ? undefined : this.rooms.get(push.room);
    if (push.room === undefined || joined === undefined) return;
    const verdict = joined.follower.take(push);
    if (verdict === 'gap') this.ask(push.room, joined);
    else this.tell(joined, verdict.updates);
  }

  private end(room: string): void {
    this.rooms.delete(room);
    this.timers.cancel(room);
    this.link.call({ op: 'leave', room }, () => {});
  }

  private begin(room: string): Joined {
    const joined = { follower: new Follower(room), listeners: new Set<RoomListener>(), held: false, asking: false, tries: 0 };
    this.rooms.set(room, joined);
    return joined;
  }

  private unlisten(room: string, listener: RoomListener): void {
    const joined = this.rooms.get(room);
    joined?.listeners.delete(listener);
    if (joined?.listeners.size === 0 && !joined.held) this.end(room);
  }

  private ask(room: string, joined: Joined): void {
    if (joined.asking || this.link.state.phase !== 'live') return;
    this.timers.cancel(room);
    joined.asking = true;
    const since = joined.follower.place;
    this.link.call({ op: 'join', room, ...(since && { since }) }, (outcome) => {
      joined.asking = false;
      if (this.rooms.get(room) === joined) this.answered(room, joined, since !== undefined, outcome);
    });
  }

  private answered(room: string, joined: Joined, withPlace: boolean, outcome: Outcome): void {
    if ('lost' in outcome) return;
    if ('err' in outcome) return this.refused(room, joined, outcome.err);
    joined.tries = 0;
    // Somebody began to listen while we asked for a part only: ask for all.
    if (withPlace && joined.follower.place === undefined) return this.ask(room, joined);
    this.tell(joined, joined.follower.joined(outcome.ok as unknown as JoinOk));
  }

  private refused(room: string, joined: Joined, refusal: RefusalBody): void {
    if (isPassing(refusal.code) || refusal.code === HUB.tokenExpired) {
      if (refusal.code === HUB.tokenExpired) this.link.renewToken();
      const waitMs = (refusal.retry_ms ?? 0) + backoffMs(joined.tries++, this.env.random());
      this.timers.in(room, waitMs, () => this.ask(room, joined));
      return;
    }
    this.rooms.delete(room);
    for (const listener of joined.listeners) listener({ kind: 'refused', room, refusal: new Refusal(refusal) });
  }

  private tell(joined: Joined, updates: RoomUpdate[]): void {
    for (const update of updates) for (const listener of [...joined.listeners]) listener(update);
  }
}
