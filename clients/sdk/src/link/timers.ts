import type { Surroundings } from '../surroundings.ts';

/** Browsers take a delay as a signed 32-bit number; a longer one would fire at once. */
const DELAY_MAX_MS = 2 ** 31 - 1;

/** Timers by name: setting one again replaces it. */
export class Timers<Name extends string> {
  private readonly cancels = new Map<Name, () => void>();
  private readonly env: Surroundings;

  constructor(env: Surroundings) {
    this.env = env;
  }

  /** Calls once at that time of this machine's clock, or at once when it has passed. */
  at(name: Name, timeMs: number, call: () => void): void {
    this.cancel(name);
    const delayMs = Math.max(0, timeMs - this.env.now());
    const fire = () => {
      this.cancels.delete(name);
      if (delayMs > DELAY_MAX_MS) this.at(name, timeMs, call);
      else call();
    };
    this.cancels.set(name, this.env.after(Math.min(delayMs, DELAY_MAX_MS), fire));
  }

  in(name: Name, delayMs: number, call: () => void): void {
    this.at(name, this.env.now() + delayMs, call);
  }

  cancel(name: Name): void {
    this.cancels.get(name)?.();
    this.cancels.delete(name);
  }

  clear(): void {
    for (const cancel of this.cancels.values()) cancel();
    this.cancels.clear();
  }
}
