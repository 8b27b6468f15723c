import { type Codec, frameBytes } from '../codec/codec.ts';
import { HUB } from '../codes.ts';
import type { Socket } from '../surroundings.ts';
import { type Push, type Request, command, serverMessages } from '../wire.ts';
import { Calls, type Outcome } from './calls.ts';

/** Objects in one frame, at most; the hub takes 64. */
const OBJECTS_MAX = 64;

/** One socket's life: numbered calls out, their answers and pushes in. */
export class Channel {
  frameBytesMax = 64 * 1024;
  private readonly calls = new Calls();
  private corked: Array<{ id: number; request: Request }> | undefined;
  private readonly codec: Codec;
  private readonly socket: Socket;
  private readonly onPush: (push: Push) => void;

  constructor(codec: Codec, socket: Socket, onPush: (push: Push) => void) {
    this.codec = codec;
    this.socket = socket;
    this.onPush = onPush;
  }

  /** Sends a request; `done` hears how it ended, exactly once. */
  call(request: Request, done: (outcome: Outcome) => void): void {
    const numbered = { id: this.calls.begin(done), request };
    if (this.corked) this.corked.push(numbered);
    else this.write([numbered]);
  }

  /** Everything that is called inside leaves in as few frames as it fits into. */
  together(send: () => void): void {
    const outer = this.corked;
    const batch = (this.corked ??= []);
    send();
    this.corked = outer;
    if (outer === undefined) {
      for (let from = 0; from < batch.length; from += OBJECTS_MAX) this.write(batch.slice(from, from + OBJECTS_MAX));
    }
  }

  /** Takes in a frame; throws when it is not what a hub sends. */
  receive(frame: string | ArrayBuffer): void {
    for (const message of serverMessages(this.codec.decode(frame))) {
      if ('err' in message) {
        if (message.re !== null) this.calls.end(message.re, { err: message.err });
      } else if ('ok' in message) this.calls.end(message.re, { ok: message.ok });
      else this.onPush(message);
    }
  }

  /** The socket is gone. */
  lose(): void {
    this.calls.lose();
  }

  /** Writes as one frame; in halves when that is too long, and refuses what is too long by itself. */
  private write(batch: Array<{ id: number; request: Request }>): void {
    const [first, ...others] = batch.map(({ id, request }) => command(id, request));
    if (first === undefined) return;
    const frame = this.codec.encode(others.length === 0 ? first : [first, ...others]);
    if (frameBytes(frame) <= this.frameBytesMax) this.socket.send(frame);
    else if (others.length > 0) {
      const half = Math.ceil(batch.length / 2);
      this.write(batch.slice(0, half));
      this.write(batch.slice(half));
    } else this.refuseTooLong(first.id);
  }

  private refuseTooLong(id: number): void {
    const message = `a command takes at most ${this.frameBytesMax} bytes`;
    this.calls.end(id, { err: { code: HUB.tooLarge, message, retry_ms: null, details: {} } });
  }
}
