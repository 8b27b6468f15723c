import { backoffMs } from './backoff.ts';

/** A socket that lived this long was a good one: the count of failures starts anew. */
const STEADY_MS = 10_000;

/** When to try again after a socket ended: counts failures and honours the windows that the hub names. */
export class ComebackPlan {
  private failures = 0;
  private movingUntilMs = 0;
  private hasMoved = false;

  /** The hub said goodbye and named this socket's own place in its window. */
  moving(untilMs: number): void {
    this.movingUntilMs = untilMs;
    this.hasMoved = true;
  }

  /** Whether a named window still runs; then nothing brings the client back earlier. */
  isMoving(nowMs: number): boolean {
    return nowMs < this.movingUntilMs;
  }

  /** When to open the next socket. `live` is absent when the last one never got through its hello. */
  next(nowMs: number, random: number, live?: { sinceMs: number; herdMs: number }): number {
    if (live && nowMs - live.sinceMs >= STEADY_MS) this.failures = 0;
    const isFirst = this.failures++ === 0;
    if (this.hasMoved) return this.inWindow(nowMs);
    return nowMs + (live && isFirst ? random * live.herdMs : backoffMs(this.failures - 1, random));
  }

  /** The window has spread the crowd already: no wait on top of it. */
  private inWindow(nowMs: number): number {
    this.hasMoved = false;
    return Math.max(nowMs, this.movingUntilMs);
  }
}
