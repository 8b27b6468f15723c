/** The hub's clock, as well as it can be known: from the round trip that took least, of the last few. */

interface Sample {
  rttMs: number;
  offsetMs: number;
}

const SAMPLES_KEPT = 8;

export class ServerClock {
  private samples: Sample[] = [];

  /** Takes in one exchange; the hub is taken to have answered in the middle of it. */
  add(sentMs: number, receivedMs: number, serverMs: number): void {
    const rttMs = Math.max(0, receivedMs - sentMs);
    this.samples.push({ rttMs, offsetMs: serverMs + rttMs / 2 - receivedMs });
    if (this.samples.length > SAMPLES_KEPT) this.samples.shift();
  }

  /** How far the hub's clock is ahead of this machine's; 0 while nothing is known. */
  get offsetMs(): number {
    return this.best()?.offsetMs ?? 0;
  }

  /** The shortest round trip of late; undefined while nothing is known. */
  get rttMs(): number | undefined {
    return this.best()?.rttMs;
  }

  private best(): Sample | undefined {
    return this.samples.reduce<Sample | undefined>(
      (best, sample) => (best === undefined || sample.rttMs <= best.rttMs ? sample : best),
      undefined,
    );
  }
}
