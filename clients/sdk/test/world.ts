import type { NetworkWord, Socket, Surroundings } from '../src/surroundings.ts';
import type { Command, HelloOk } from '../src/wire.ts';

/** A world for tests: time passes only when told, chance is chosen, sockets are in the test's hand. */
export class World implements Surroundings {
  nowMs = 1_763_800_000_000;
  chance = 0.5;
  readonly sockets: FakeSocket[] = [];
  private timers: Array<{ atMs: number; call: () => void }> = [];
  private listeners: Array<(word: NetworkWord) => void> = [];
  private made = 0;

  now = () => this.nowMs;
  random = () => this.chance;
  bytes = (count: number) => new Uint8Array(count).fill(++this.made);

  after(delayMs: number, call: () => void): () => void {
    const timer = { atMs: this.nowMs + delayMs, call };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  open(url: string, subprotocol: string): Socket {
    const socket = new FakeSocket(url, subprotocol);
    this.sockets.push(socket);
    return socket;
  }

  onNetwork(heard: (word: NetworkWord) => void): () => void {
    this.listeners.push(heard);
    return () => {
      this.listeners = this.listeners.filter((other) => other !== heard);
    };
  }

  network(word: NetworkWord): void {
    for (const heard of this.listeners) heard(word);
  }

  /** Lets time pass, timer by timer. */
  async pass(delayMs: number): Promise<void> {
    const untilMs = this.nowMs + delayMs;
    await settle();
    for (let due = this.nextDue(untilMs); due; due = this.nextDue(untilMs)) {
      this.nowMs = Math.max(this.nowMs, due.atMs);
      this.timers = this.timers.filter((other) => other !== due);
      due.call();
      await settle();
    }
    this.nowMs = untilMs;
  }

  /** The newest socket. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }

  /** Opens the newest socket and answers its hello. */
  async greet(hello: Partial<HelloOk> = {}): Promise<FakeSocket> {
    await settle();
    this.socket.onopen?.();
    this.socket.ok({ ...HELLO, server_ms: this.nowMs, ...hello });
    await settle();
    return this.socket;
  }

  private nextDue(untilMs: number) {
    return this.timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
  }
}

const HELLO: HelloOk = {
  participant: 'P',
  conference: 'C',
  roles: ['attendee'],
  server_ms: 0,
  ping_s: 25,
  session: 'S',
  max_frame_bytes: 65_536,
  limits: { commands_per_s: 0, commands_burst: 0 },
  herd_ms: 5_000,
};

/** Lets every promise that can go on do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A JSON WebSocket whose other end is the test. */
export class FakeSocket implements Socket {
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  closedWith: number | undefined;
  readonly sent: Command[] = [];
  readonly frames: unknown[] = [];
  private answered = 0;
  readonly url: string;
  readonly subprotocol: string;

  constructor(url: string, subprotocol: string) {
    this.url = url;
    this.subprotocol = subprotocol;
  }

  send(data: string | Uint8Array): void {
    const frame = JSON.parse(String(data)) as Command | Command[];
    this.frames.push(frame);
    this.sent.push(...(Array.isArray(frame) ? frame : [frame]));
  }

  close(code = 1005): void {
    this.closedWith = code;
  }

  /** The hub closes, or the line breaks. */
  end(code = 1006): void {
    this.onclose?.({ code });
  }

  push(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** The next command without an answer. */
  next(): Command {
    const command = this.sent[this.answered++];
    if (!command) throw new Error('the client has sent nothing more');
    return command;
  }

  /** Answers the next command. */
  ok(ok: object): Command {
    const command = this.next();
    this.push({ re: command.id, ok });
    return command;
  }

  /** Refuses the next command. */
  err(code: string, retryMs: number | null = null): Command {
    const command = this.next();
    this.push({ re: command.id, err: { code, message: code, retry_ms: retryMs, details: {} } });
    return command;
  }

  /** The ops that have been sent, in order. */
  get ops(): string[] {
    return this.sent.map(({ op }) => op);
  }
}
