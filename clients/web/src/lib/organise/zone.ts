/** A moment as a clock on the wall of a conference shows it. */
export interface Wall {
  /** `2026-11-22`. */
  day: string;
  /** Minutes since midnight. */
  minute: number;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const held = clocks.get(zone);
  if (held) return held;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  clocks.set(zone, made);
  return made;
}

/** What the wall says at a moment. */
export function wallOf(at_ms: number, zone: string): Wall {
  const parts = Object.fromEntries(clockOf(zone).formatToParts(at_ms).map(({ type, value }) => [type, value]));
  return {
    day: `${parts['year'] ?? ''}-${parts['month'] ?? ''}-${parts['day'] ?? ''}`,
    minute: Number(parts['hour']) * 60 + Number(parts['minute']),
  };
}

/**
 * The moment at which the wall says so. Of an hour that comes twice the first is meant; one that a change of the clocks
 * leaves out is read as if the clocks had not been changed yet.
 */
export function instantOf({ day, minute }: Wall, zone: string): number {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + minute * MINUTE_MS;
  const offset = (at_ms: number): number => utcOf(wallOf(at_ms, zone)) - Math.floor(at_ms / MINUTE_MS) * MINUTE_MS;
  const before = asUtc - offset(asUtc - DAY_MINUTES * MINUTE_MS);
  const after = asUtc - offset(asUtc + DAY_MINUTES * MINUTE_MS);
  return [before, after].find((at_ms) => utcOf(wallOf(at_ms, zone)) === asUtc) ?? before;
}

const utcOf = ({ day, minute }: Wall): number => Date.parse(`${day}T00:00:00Z`) + minute * MINUTE_MS;

/** The days from the first to the last, both included; at most a year of them. */
export function daysOf(first: string, last: string): string[] {
  const days: string[] = [];
  const MOST = 366;
  for (let at_ms = Date.parse(first); at_ms <= Date.parse(last) && days.length < MOST; at_ms += DAY_MINUTES * MINUTE_MS) {
    days.push(new Date(at_ms).toISOString().slice(0, 10));
  }
  return days;
}

/** `09:05`, as time fields have it. */
export function clockText(minute: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`;
}

export function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

/** This device's zone, to begin with. */
export function zoneHere(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function zones(): string[] {
  return Intl.supportedValuesOf('timeZone');
}
