/** Keeps a client within the limits that its hub announces: so many at once, so many a second. */
export class Pace {
  private perSecond = 0;
  private burst = 0;
  private tokens = 0;
  private countedMs = 0;

  /** The limits of a new socket; 0 a second is no limit. */
  announce(limits: { commands_per_s: number; commands_burst: number }, nowMs: number): void {
    this.perSecond = limits.commands_per_s;
    this.burst = Math.max(1, limits.commands_burst);
    this.tokens = this.burst;
    this.countedMs = nowMs;
  }

  /** 0 when one may be sent now (it is counted), else after how many milliseconds to ask again. */
  take(nowMs: number): number {
    if (this.perSecond <= 0) return 0;
    const earned = ((nowMs - this.countedMs) / 1000) * this.perSecond;
    this.tokens = Math.min(this.burst, this.tokens + Math.max(0, earned));
    this.countedMs = nowMs;
    if (this.tokens < 1) return Math.ceil(((1 - this.tokens) / this.perSecond) * 1000);
    this.tokens -= 1;
    return 0;
  }
}
