import { CLIENT, HUB, isPassing } from '../codes.ts';
import { backoffMs } from '../link/backoff.ts';
import type { Outcome } from '../link/calls.ts';
import type { Link } from '../link/link.ts';
import { Timers } from '../link/timers.ts';
import { Refusal } from '../refusal.ts';
import type { Surroundings } from '../surroundings.ts';
import type { HelloOk, RefusalBody } from '../wire.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { Pace } from './pace.ts';

/** How an action ended. */
export type Settled = { entry: OutboxEntry; ok: Record<string, unknown> } | { entry: OutboxEntry; refusal: Refusal };

interface Waiting {
  entry: OutboxEntry;
  settle: ((settled: Settled) => void) | undefined;
  inFlight: boolean;
  tries: number;
  notBeforeMs: number;
}

export interface QueueEvents {
  settled(settled: Settled): void;
  pending(count: number): void;
  /** An action came too late to a room that nobody listens to any more: it is wanted until its actions are through. */
  wants(room: string, wanted: boolean): void;
  trouble(error: unknown): void;
}

/** A refusal that passes is tried so often before it is believed. */
const TRIES_MAX = 10;

/**
 * Actions on their way. One unanswered action per room at a time, so that the room hears them in the order in which
 * they were done, whatever is refused for a while or sent again.
 */
export class ActionQueue {
  private readonly waiting = new Map<string, Waiting>();
  /** Rooms that are joined for their actions' sake. */
  private readonly wanted = new Set<string>();
  private readonly pace = new Pace();
  private readonly timers: Timers<'flush'>;
  private writes: Promise<void> = Promise.resolve();
  private loaded: Promise<void> | undefined;
  private readonly env: Surroundings;
  private readonly link: Link;
  private readonly store: Outbox;
  private readonly max: number;
  private readonly events: QueueEvents;

  constructor(env: Surroundings, link: Link, store: Outbox, max: number, events: QueueEvents) {
    this.env = env;
    this.link = link;
    this.store = store;
    this.max = max;
    this.events = events;
    this.timers = new Timers(env);
  }

  get pending(): OutboxEntry[] {
    return [...this.waiting.values()].map(({ entry }) => entry);
  }

  /** Brings back what an earlier page left; once. */
  load(): Promise<void> {
    this.loaded ??= this.store.all().then(
      (entries) => {
        this.holdFirst(entries);
        this.flush();
      },
      (error: unknown) => this.events.trouble(error),
    );
    return this.loaded;
  }

  /** Takes an action in; the promise ends with its answer, however long that takes. */
  add(entry: OutboxEntry): Promise<Record<string, unknown>> {
    if (this.waiting.size >= this.max && !this.waiting.has(entry.key)) {
      const message = `${this.max} actions wait to be sent already`;
      return Promise.reject(new Refusal({ code: CLIENT.outboxFull, message }));
    }
    const answer = new Promise<Record<string, unknown>>((resolve, reject) => {
      this.hold(entry, (settled) => ('ok' in settled ? resolve(settled.ok) : reject(settled.refusal)));
    });
    this.keep(() => this.store.put(entry));
    this.flush();
    return answer;
  }

  /** The link is live, within these limits. */
  live(limits: HelloOk['limits']): void {
    this.pace.announce(limits, this.env.now());
    for (const action of this.waiting.values()) action.notBeforeMs = 0;
    this.flush();
  }

  /** Sends all that may be sent now, and comes back when the next may. */
  flush(): void {
    if (this.link.state.phase !== 'live') return;
    const heads = new Map<string, Waiting>();
    for (const action of this.waiting.values()) {
      if (!heads.has(action.entry.room)) heads.set(action.entry.room, action);
    }
    let nextMs = Infinity;
    this.link.together(() => {
      for (const action of heads.values()) {
        if (!action.inFlight) nextMs = Math.min(nextMs, this.sendWhenDue(action) || Infinity);
      }
    });
    if (nextMs < Infinity) this.timers.in('flush', nextMs, () => this.flush());
  }

  /** 0 when it was sent, else in how many milliseconds it may be. */
  private sendWhenDue(action: Waiting): number {
    const nowMs = this.env.now();
    const waitMs = Math.max(0, action.notBeforeMs - nowMs) || this.pace.take(nowMs);
    if (waitMs === 0) this.send(action);
    return waitMs;
  }

  private send(action: Waiting): void {
    action.inFlight = true;
    const { op, room, key, data } = action.entry;
    this.link.call({ op, room, key, data }, (outcome) => this.answered(action, outcome));
  }

  private answered(action: Waiting, outcome: Outcome): void {
    action.inFlight = false;
    if ('lost' in outcome) return;
    if ('ok' in outcome) this.settle(action, { entry: action.entry, ok: outcome.ok });
    else if (!this.triesAgain(action, outcome.err)) {
      this.settle(action, { entry: action.entry, refusal: new Refusal(outcome.err) });
    }
    this.flush();
  }

  private triesAgain(action: Waiting, refusal: RefusalBody): boolean {
    const ended = refusal.code === HUB.tokenExpired;
    const apart = refusal.code === HUB.notJoined;
    if (!(isPassing(refusal.code) || ended || apart) || action.tries >= TRIES_MAX) return false;
    if (ended) this.link.renewToken();
    if (apart && this.want(action.entry.room)) return true;
    const waitMs = (refusal.retry_ms ?? 0) + backoffMs(action.tries++, this.env.random());
    action.notBeforeMs = this.env.now() + waitMs;
    return true;
  }

  private settle(action: Waiting, settled: Settled): void {
    this.waiting.delete(action.entry.key);
    this.keep(() => this.store.delete(action.entry.key));
    this.unwant(action.entry.room);
    action.settle?.(settled);
    this.events.settled(settled);
    this.events.pending(this.waiting.size);
  }

  /** Puts what is older before what was done since. */
  private holdFirst(entries: OutboxEntry[]): void {
    const newer = [...this.waiting];
    this.waiting.clear();
    for (const entry of entries) this.hold(entry, undefined);
    for (const [key, action] of newer) this.waiting.set(key, action);
  }

  private hold(entry: OutboxEntry, settle: Waiting['settle']): void {
    if (this.waiting.has(entry.key)) return;
    this.waiting.set(entry.key, { entry, settle, inFlight: false, tries: 0, notBeforeMs: 0 });
    this.events.pending(this.waiting.size);
  }

  /** Has the room joined, where it is not wanted already; what is sent next comes behind the join. */
  private want(room: string): boolean {
    if (this.wanted.has(room)) return false;
    this.wanted.add(room);
    this.events.wants(room, true);
    return true;
  }

  private unwant(room: string): void {
    const more = [...this.waiting.values()].some(({ entry }) => entry.room === room);
    if (!more && this.wanted.delete(room)) this.events.wants(room, false);
  }

  /** Writes one after the other, so that a deletion never overtakes its entry; a store that fails costs only the reload. */
  private keep(write: () => Promise<void>): void {
    this.writes = this.writes.then(write).catch((error: unknown) => this.events.trouble(error));
  }
}
