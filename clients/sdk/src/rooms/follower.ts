import type { JoinOk, Place, Push } from '../wire.ts';

/** What a listener of a room hears. */
export type RoomUpdate =
  /** All of it: replace what you hold. */
  | { kind: 'state'; room: string; seq: number; state: unknown }
  /** One change: apply it to what you hold. */
  | { kind: 'push'; room: string; push: Push };

/** What is to be done with a push: hear it, pass over it, or ask for what is missing. */
export type Verdict = { updates: RoomUpdate[] } | 'gap';

/** Keeps one room's place: nothing is missed and nothing is applied twice. Knows no socket. */
export class Follower {
  place: Place | undefined;
  private readonly room: string;

  constructor(room: string) {
    this.room = room;
  }

  /** Takes in the answer of a join. */
  joined(ok: JoinOk): RoomUpdate[] {
    if (ok.replay === undefined) {
      this.place = { epoch: ok.epoch, seq: ok.seq };
      return [{ kind: 'state', room: this.room, seq: ok.seq, state: ok.state }];
    }
    const updates = ok.replay.flatMap((push) => {
      const verdict = this.take(push);
      return verdict === 'gap' ? [] : verdict.updates;
    });
    this.place = { epoch: ok.epoch, seq: Math.max(ok.seq, this.place?.seq ?? 0) };
    return updates;
  }

  /** Takes in a push. */
  take(push: Push): Verdict {
    const { prev, seq } = push;
    if (seq === undefined || prev === undefined) return { updates: [{ kind: 'push', room: this.room, push }] };
    if (this.place === undefined) return { updates: [] };
    if (push.ev.endsWith('.state')) return this.replaced(push, seq, this.place);
    if (seq <= this.place.seq) return { updates: [] };
    if (prev > this.place.seq) return 'gap';
    this.place = { ...this.place, seq };
    return { updates: [{ kind: 'push', room: this.room, push }] };
  }

  /** A state stands for itself: it closes any gap before it, and counts even when it is of the place that we hold. */
  private replaced(push: Push, seq: number, held: Place): Verdict {
    if (seq < held.seq) {
      this.place = undefined;
      return 'gap';
    }
    this.place = { ...held, seq };
    return { updates: [{ kind: 'state', room: this.room, seq, state: push.data }] };
  }
}
