import type { Session, SessionDetails } from './rest';
import { clockText, instantOf, minuteOf, wallOf } from './zone';

/** When and where, as it is filled in: by the conference's own wall. */
export interface Slot {
  day: string;
  /** `09:00`. */
  from: string;
  to: string;
  hall: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function slotOf(session: Session, zone: string): Slot {
  const from = wallOf(Date.parse(session.starts_at), zone);
  const to = wallOf(Date.parse(session.ends_at), zone);
  return { day: from.day, from: clockText(from.minute), to: clockText(to.minute), hall: session.hall ?? '' };
}

/** An end that is not after the start is on the next day. */
export function timesOf(slot: Slot, zone: string): Pick<SessionDetails, 'starts_at' | 'ends_at' | 'hall'> {
  const starts_ms = instantOf({ day: slot.day, minute: minuteOf(slot.from) }, zone);
  const same_ms = instantOf({ day: slot.day, minute: minuteOf(slot.to) }, zone);
  const next = new Date(Date.parse(slot.day) + DAY_MS).toISOString().slice(0, 10);
  const ends_ms = same_ms > starts_ms ? same_ms : instantOf({ day: next, minute: minuteOf(slot.to) }, zone);
  return {
    starts_at: new Date(starts_ms).toISOString(),
    ends_at: new Date(ends_ms).toISOString(),
    hall: slot.hall.trim() === '' ? null : slot.hall.trim(),
  };
}

export function filled(slot: Slot): boolean {
  return slot.day !== '' && slot.from !== '' && slot.to !== '' && slot.from !== slot.to;
}
