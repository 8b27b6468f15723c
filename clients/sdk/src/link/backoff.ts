/** How long to wait before the nth try: rand(0, min(30 s, 0.5 s × 2^n)), so that a crowd spreads out. */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** `tries` counts the failures so far; `random` is from 0 to below 1. */
export function backoffMs(tries: number, random: number): number {
  return random * Math.min(LONGEST_MS, FIRST_MS * 2 ** tries);
}
