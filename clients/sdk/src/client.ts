import { json } from './codec/json.ts';
import type { Codec } from './codec/codec.ts';
import { CLIENT } from './codes.ts';
import { Link, type LinkState } from './link/link.ts';
import { MemoryOutbox, type Outbox, type OutboxEntry } from './outbox/outbox.ts';
import { ActionQueue, type Settled } from './outbox/queue.ts';
import { Refusal } from './refusal.ts';
import { type RoomListener, Rooms } from './rooms/rooms.ts';
import { type Surroundings, realSurroundings } from './surroundings.ts';
import { uuid7 } from './uuid.ts';

/** The path of the one socket for everything. */
export const CONNECT_PATH = '/api/v1/networking/connect';

export interface ClientOptions {
  /** `https://host` of the hub, or the whole `wss://…` address of its socket. */
  url: string;
  /**
   * The access token. `fresh` asks for a new one: the last was refused or is about to end. Throw `SignedOut` when
   * there is none to be had, anything else for a passing failure.
   */
  token: (fresh: boolean) => Promise<string>;
  /** Which client this is, `name/version`. */
  client?: string;
  codec?: Codec;
  /** Where unanswered actions are kept; in memory unless told otherwise. */
  outbox?: Outbox;
  /** How many actions may wait; 200 unless told otherwise. */
  outboxMax?: number;
  /** The world, or a test's. */
  surroundings?: Surroundings;
  /** What went wrong without a caller to hear of it: the outbox cannot be written, a frame cannot be read. */
  onTrouble?: (error: unknown) => void;
}

const OUTBOX_MAX = 200;

/** A participant's line to the hub. */
export class PlenumClient {
  private readonly env: Surroundings;
  private readonly link: Link;
  private readonly rooms: Rooms;
  private readonly queue: ActionQueue;
  private readonly stateListeners = new Set<(state: LinkState) => void>();
  private readonly pendingListeners = new Set<(count: number) => void>();
  private readonly settledListeners = new Set<(settled: Settled) => void>();
  private stopListening: (() => void) | undefined;

  constructor(options: ClientOptions) {
    this.env = options.surroundings ?? realSurroundings();
    const { token, client, codec = json } = options;
    const trouble = (error: unknown) => options.onTrouble?.(error);
    this.link = new Link(this.env, { url: socketUrl(options.url), codec, client, token }, {
      state: (state) => this.entered(state),
      push: (push) => this.rooms.push(push),
      trouble,
    });
    this.rooms = new Rooms(this.env, this.link);
    this.queue = new ActionQueue(this.env, this.link, options.outbox ?? new MemoryOutbox(), options.outboxMax ?? OUTBOX_MAX, {
      settled: (settled) => tell(this.settledListeners, settled),
      pending: (count) => tell(this.pendingListeners, count),
      wants: (room, wanted) => (wanted ? this.rooms.hold(room) : this.rooms.release(room)),
      trouble,
    });
  }

  /** Connects, and stays connected until `close`. */
  connect(): void {
    this.stopListening ??= this.env.onNetwork((word) => this.link.network(word));
    void this.queue.load();
    this.link.start();
  }

  /** Disconnects. Unanswered actions stay in the outbox, rooms stay wanted: `connect` goes on with them. */
  close(): void {
    this.stopListening?.();
    this.stopListening = undefined;
    this.link.stop();
  }

  /** Listens to a room: its state first, then every change once. The result stops listening. */
  join(room: string, listener: RoomListener): () => void {
    return this.rooms.listen(room, listener);
  }

  /** Stops all listening to a room. */
  leave(room: string): void {
    this.rooms.leave(room);
  }

  /**
   * Does something in a room. The promise ends with the hub's answer, after it is durable; while the line is down it
   * waits, and the action is sent when the line is back, with the same key. Rejects with a `Refusal`.
   */
  command(room: string, op: string, data: object = {}, key: string = this.newKey()): Promise<Record<string, unknown>> {
    return this.queue.add({ key, room, op, data, at_ms: this.env.now() });
  }

  /** Does something that is not worth keeping (a reaction, typing): now or not at all. */
  signal(room: string, op: string, data: object = {}): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      this.link.call({ op, room, data }, (outcome) => {
        if ('ok' in outcome) resolve(outcome.ok);
        else if ('err' in outcome) reject(new Refusal(outcome.err));
        else reject(new Refusal({ code: CLIENT.offline, message: 'the line is down' }));
      });
    });
  }

  /** A new action's own id, for a caller that shows the action before it is answered. */
  newKey(): string {
    return uuid7(this.env.now(), this.env.bytes(16));
  }

  get state(): LinkState {
    return this.link.state;
  }

  /** Hears where the connection is, at once and after each change. The result stops it. */
  onState(listener: (state: LinkState) => void): () => void {
    listener(this.link.state);
    return listen(this.stateListeners, listener);
  }

  /** The actions without an answer, oldest first. */
  get pending(): OutboxEntry[] {
    return this.queue.pending;
  }

  /** Hears how many actions have no answer, at once and after each change. */
  onPending(listener: (count: number) => void): () => void {
    listener(this.queue.pending.length);
    return listen(this.pendingListeners, listener);
  }

  /** Hears how each action ended, those of an earlier page too. */
  onSettled(listener: (settled: Settled) => void): () => void {
    return listen(this.settledListeners, listener);
  }

  /** The hub's clock, in milliseconds since 1970: what countdowns count by. */
  serverNow(): number {
    return this.env.now() + this.link.clock.offsetMs;
  }

  /** The shortest round trip of late, in milliseconds. */
  get rttMs(): number | undefined {
    return this.link.clock.rttMs;
  }

  private entered(state: LinkState): void {
    if (state.phase === 'live') {
      this.link.together(() => {
        this.rooms.live();
        this.queue.live(state.hello.limits);
      });
    }
    tell(this.stateListeners, state);
  }
}

/** The address of the socket of a hub. */
export function socketUrl(url: string): string {
  if (url.startsWith('ws')) return url;
  return new URL(CONNECT_PATH, url).href.replace(/^http/, 'ws');
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell<T>(listeners: Set<(value: T) => void>, value: T): void {
  for (const listener of [...listeners]) listener(value);
}
