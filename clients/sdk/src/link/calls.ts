import type { RefusalBody } from '../wire.ts';

/** How a call ended; `lost`: the socket is gone and nobody knows. */
export type Outcome = { ok: Record<string, unknown> } | { err: RefusalBody } | { lost: true };

/** The calls of one socket that have no answer yet. */
export class Calls {
  private next = 1;
  private readonly open = new Map<number, (outcome: Outcome) => void>();

  /** The number for a new call. */
  begin(done: (outcome: Outcome) => void): number {
    const id = this.next++;
    this.open.set(id, done);
    return id;
  }

  /** Ends a call; one that nobody waits for is passed over. */
  end(id: number, outcome: Outcome): void {
    const done = this.open.get(id);
    this.open.delete(id);
    done?.(outcome);
  }

  /** Ends all of them without an answer. */
  lose(): void {
    const lost = [...this.open.values()];
    this.open.clear();
    for (const done of lost) done({ lost: true });
  }
}
