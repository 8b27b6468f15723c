import type { Codec } from '../codec/codec.ts';
import { HUB, comeback } from '../codes.ts';
import { SignedOut } from '../refusal.ts';
import type { NetworkWord, Socket, Surroundings } from '../surroundings.ts';
import type { HelloOk, Push, RefusalBody, Request } from '../wire.ts';
import type { Outcome } from './calls.ts';
import { Channel } from './channel.ts';
import { ServerClock } from './clock.ts';
import { ComebackPlan } from './comeback.ts';
import { Timers } from './timers.ts';

/** Where the connection is. `stopped` stays until `connect` is called again. */
export type LinkState =
  | { phase: 'idle' }
  | { phase: 'connecting' }
  | { phase: 'live'; hello: HelloOk }
  | { phase: 'waiting'; untilMs: number }
  | { phase: 'stopped'; reason: 'signed-out' | 'refused'; code: string };

export interface LinkOptions {
  url: string;
  codec: Codec;
  client: string | undefined;
  /** The access token; `fresh` when the last one was refused or is about to end. */
  token: (fresh: boolean) => Promise<string>;
}

export interface LinkEvents {
  state(state: LinkState): void;
  push(push: Push): void;
  /** Something that no caller hears of: the hub sent what this client cannot read. */
  trouble(error: unknown): void;
}

/** How long opening and hello, or an overdue pong, may take. */
const PATIENCE_MS = 10_000;
/** The same for a pong after waking up: the socket is often dead then. */
const PROBE_PATIENCE_MS = 3_000;
/** A token is renewed this long before its end, or in the last quarter of a shorter life. */
const RENEW_AHEAD_MS = 60_000;
const RENEW_RETRY_MS = 5_000;

/** One connection that is kept up: opens, greets, pings, renews the token, comes back. */
export class Link {
  readonly clock = new ServerClock();
  private current: LinkState = { phase: 'idle' };
  private channel: Channel | undefined;
  private socket: Socket | undefined;
  private liveSinceMs = 0;
  private needsFreshToken = false;
  private renewalAskedMs = -Infinity;
  /** Answers that come for an earlier try are told by it. */
  private attempt = 0;
  private readonly plan = new ComebackPlan();
  private readonly timers: Timers<'open' | 'retry' | 'ping' | 'pong' | 'token' | 'moving'>;
  private readonly env: Surroundings;
  private readonly options: LinkOptions;
  private readonly events: LinkEvents;

  constructor(env: Surroundings, options: LinkOptions, events: LinkEvents) {
    this.env = env;
    this.options = options;
    this.events = events;
    this.timers = new Timers(env);
  }

  get state(): LinkState {
    return this.current;
  }

  start(): void {
    if (this.current.phase === 'idle' || this.current.phase === 'stopped') this.open();
  }

  stop(): void {
    this.drop(1000);
    this.enter({ phase: 'idle' });
  }

  /**
   * Sees whether the socket still lives, or tries now when there may be a network. A machine without one may still reach
   * a hub on itself: its word is never more than a reason to look.
   */
  network(word: NetworkWord): void {
    if (this.current.phase === 'live') this.ping(PROBE_PATIENCE_MS);
    else if (word === 'maybe-back' && this.current.phase === 'waiting' && !this.plan.isMoving(this.env.now())) this.open();
  }

  /** Sends a request when live; else it is lost at once. */
  call(request: Request, done: (outcome: Outcome) => void): void {
    if (this.channel && this.current.phase === 'live') this.channel.call(request, done);
    else done({ lost: true });
  }

  /** Everything called inside leaves in as few frames as possible. */
  together(send: () => void): void {
    if (this.channel) this.channel.together(send);
    else send();
  }

  /** Gets a fresh token and tells the hub; one at a time, however many commands were refused for the old one. */
  renewToken(): void {
    const nowMs = this.env.now();
    if (this.current.phase !== 'live' || nowMs - this.renewalAskedMs < RENEW_RETRY_MS) return;
    this.renewalAskedMs = nowMs;
    const attempt = this.attempt;
    this.timers.in('token', RENEW_RETRY_MS, () => this.renewToken());
    this.options.token(true).then(
      (token) => {
        if (attempt === this.attempt) this.tellToken(token);
      },
      (error: unknown) => {
        if (attempt === this.attempt && error instanceof SignedOut) this.halt('signed-out', HUB.tokenExpired);
      },
    );
  }

  private tellToken(token: string): void {
    this.call({ op: 'auth.refresh', data: { token } }, (outcome) => {
      if ('ok' in outcome) this.planRenewal(outcome.ok['token_ends_ms'], this.env.now() + this.clock.offsetMs);
    });
  }

  private open(): void {
    this.timers.clear();
    const attempt = ++this.attempt;
    this.enter({ phase: 'connecting' });
    this.options.token(this.needsFreshToken).then(
      (token) => {
        if (attempt === this.attempt) this.dial(token);
      },
      (error: unknown) => {
        if (attempt !== this.attempt) return;
        if (error instanceof SignedOut) this.halt('signed-out', HUB.tokenExpired);
        else this.ended(1006);
      },
    );
  }

  private dial(token: string): void {
    const socket = this.env.open(this.options.url, this.options.codec.subprotocol);
    socket.binaryType = 'arraybuffer';
    const channel = new Channel(this.options.codec, socket, (push) => this.take(push));
    this.socket = socket;
    this.channel = channel;
    socket.onopen = () => this.greet(channel, token);
    socket.onmessage = ({ data }) => this.receive(channel, data);
    socket.onclose = ({ code }) => this.ended(code);
    this.timers.in('open', PATIENCE_MS, () => this.ended(1006));
  }

  private greet(channel: Channel, token: string): void {
    const { client } = this.options;
    const sentMs = this.env.now();
    channel.call({ op: 'hello', data: { token, ...(client !== undefined && { client }) } }, (outcome) => {
      if ('ok' in outcome) this.greeted(outcome.ok as unknown as HelloOk, sentMs);
      else if ('err' in outcome) this.helloRefused(outcome.err);
    });
  }

  private greeted(hello: HelloOk, sentMs: number): void {
    this.timers.cancel('open');
    this.clock.add(sentMs, this.env.now(), hello.server_ms);
    this.liveSinceMs = this.env.now();
    this.renewalAskedMs = -Infinity;
    this.needsFreshToken = false;
    if (this.channel) this.channel.frameBytesMax = hello.max_frame_bytes;
    this.planRenewal(hello.token_ends_ms, hello.server_ms);
    this.planPing(hello);
    this.enter({ phase: 'live', hello });
  }

  private helloRefused(refusal: RefusalBody): void {
    if (refusal.code === HUB.tokenExpired) this.ended(4401);
    else if (refusal.code === HUB.forbidden) this.halt('refused', refusal.code);
    else this.ended(1006, refusal.retry_ms ?? 0);
  }

  private receive(channel: Channel, data: string | ArrayBuffer): void {
    try {
      channel.receive(data);
    } catch (error) {
      this.ended(1006);
      this.events.trouble(error);
    }
  }

  private take(push: Push): void {
    if (push.ev !== 'hub.moving') return this.events.push(push);
    const afterMs = (push.data as { after_ms: number }).after_ms;
    const untilMs = this.env.now() + afterMs;
    this.plan.moving(untilMs);
    this.timers.at('moving', untilMs, () => this.ended(1012));
  }

  /** Closes the socket, if it is still there, and plans the next. */
  private ended(code: number, atLeastMs = 0): void {
    const before = this.current;
    this.drop(1000);
    const verdict = comeback(code);
    if (verdict === 'never') return this.enter({ phase: 'stopped', reason: 'refused', code: String(code) });
    if (verdict === 'fresh-token') this.needsFreshToken = true;
    const live = before.phase === 'live' ? { sinceMs: this.liveSinceMs, herdMs: before.hello.herd_ms } : undefined;
    const nowMs = this.env.now();
    const untilMs = Math.max(nowMs + atLeastMs, this.plan.next(nowMs, this.env.random(), live));
    this.timers.at('retry', untilMs, () => this.open());
    this.enter({ phase: 'waiting', untilMs });
  }

  private halt(reason: 'signed-out' | 'refused', code: string): void {
    this.drop(1000);
    this.enter({ phase: 'stopped', reason, code });
  }

  private drop(code: number): void {
    this.timers.clear();
    this.attempt++;
    const { socket, channel } = this;
    this.socket = undefined;
    this.channel = undefined;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(code);
    }
    channel?.lose();
  }

  private planPing(hello: HelloOk): void {
    this.timers.in('ping', hello.ping_s * 1000, () => {
      this.ping(PATIENCE_MS);
      this.planPing(hello);
    });
  }

  private ping(patienceMs: number): void {
    const sentMs = this.env.now();
    this.timers.in('pong', patienceMs, () => this.ended(1006));
    this.call({ op: 'ping' }, (outcome) => {
      if (!('ok' in outcome)) return;
      this.timers.cancel('pong');
      const serverMs = outcome.ok['server_ms'];
      if (typeof serverMs === 'number') this.clock.add(sentMs, this.env.now(), serverMs);
    });
  }

  /** Both times are the hub's. A hub that does not say when a token ends closes with 4401, which is enough. */
  private planRenewal(endsMs: unknown, serverMs: number): void {
    this.timers.cancel('token');
    if (typeof endsMs !== 'number') return;
    const leftMs = endsMs - serverMs;
    const inMs = leftMs - Math.min(RENEW_AHEAD_MS, leftMs / 4);
    this.timers.in('token', Math.max(inMs, RENEW_RETRY_MS / 5), () => this.renewToken());
  }

  private enter(state: LinkState): void {
    this.current = state;
    this.events.state(state);
  }
}
