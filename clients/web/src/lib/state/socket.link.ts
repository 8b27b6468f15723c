import type { Push } from '$lib/rooms/push';
import type { Connection } from './connection.svelte';
import type { Identity } from './identity.svelte';
import { Refusal, type CommandAnswer, type Hello, type Link, type Sink } from './link';

interface Pending {
  message: Record<string, unknown>;
  done: (ok: Record<string, unknown>) => void;
  fail: (refusal: Refusal) => void;
}

const RETRY_MS = 800;

/** A plain link over one socket. */
export class SocketLink implements Link {
  #socket: WebSocket | null = null;
  #next = 1;
  #pending = new Map<number, Pending>();
  #rooms = new Map<string, Sink>();
  #offset_ms = 0;
  #closed = false;
  #ready = false;

  constructor(
    readonly identity: Identity<object>,
    readonly connection: Connection,
  ) {}

  open(): void {
    void this.#connect();
  }

  close(): void {
    this.#closed = true;
    this.#socket?.close();
  }

  now(): number {
    return Date.now() + this.#offset_ms;
  }

  join(room: string, sink: Sink): () => void {
    this.#rooms.set(room, sink);
    if (this.#ready) this.#enter(room, sink);
    return () => this.#rooms.delete(room);
  }

  command(op: string, room: string, data: unknown, key: string): Promise<CommandAnswer> {
    return this.#call({ op, room, key, data }) as Promise<CommandAnswer>;
  }

  ephemeral(op: string, room: string, data: unknown): void {
    if (this.#ready) void this.#call({ op, room, data });
  }

  async #connect(): Promise<void> {
    const token = await this.identity.token().catch(() => null);
    if (this.#closed) return;
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/v1/networking/connect`, 'plenum.v1.json');
    this.#socket = socket;
    socket.onopen = () => void this.#greet(token);
    socket.onmessage = (event) => this.#receive(JSON.parse(event.data as string));
    socket.onclose = () => {
      this.#ready = false;
      if (this.#closed) return;
      this.connection.turn('offline');
      setTimeout(() => void this.#connect(), RETRY_MS);
    };
  }

  async #greet(token: string | null): Promise<void> {
    const kept = [...this.#pending.values()];
    const hello = (await this.#call({ op: 'hello', data: { token, client: 'web' } }, true)) as unknown as Hello & {
      server_ms: number;
    };
    this.#offset_ms = hello.server_ms - Date.now();
    this.connection.hello = hello;
    this.#ready = true;
    this.connection.turn('online');
    for (const [room, sink] of this.#rooms) this.#enter(room, sink);
    for (const pending of kept) this.#socket?.send(JSON.stringify(pending.message));
  }

  #enter(room: string, sink: Sink): void {
    this.#call({ op: 'join', room }).then(
      (ok) => sink.state(ok['state']),
      (refusal: Refusal) => sink.refused(refusal.code),
    );
  }

  #call(body: Record<string, unknown>, now = this.#ready): Promise<Record<string, unknown>> {
    const id = this.#next++;
    const message = { id, ...body };
    return new Promise((done, fail) => {
      this.#pending.set(id, { message, done, fail });
      if (now) this.#socket?.send(JSON.stringify(message));
    });
  }

  #receive(frame: unknown): void {
    for (const message of Array.isArray(frame) ? frame : [frame]) {
      if (message.re === undefined) {
        this.#rooms.get(message.room)?.push(message as Push);
        continue;
      }
      const pending = this.#pending.get(message.re);
      this.#pending.delete(message.re);
      if (message.err) pending?.fail(new Refusal(message.err.code, message.err.message));
      else pending?.done(message.ok);
    }
  }
}
