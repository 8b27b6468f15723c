import type { Session } from './rest';
import { instantOf, wallOf } from './zone';

/** A session's place in the grid of a day. */
export interface Block {
  session: Session;
  day: string;
  /** Minutes since midnight of its day. */
  start: number;
  /** At most midnight: what goes on is drawn to the end of the day. */
  end: number;
  /** The hall's name, or nothing yet. */
  hall: string;
  /** Beside which others it stands: its lane, of so many. */
  lane: number;
  lanes: number;
}

const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;
/** Drags and arrow keys move by this much. */
export const STEP_MIN = 5;
const MORNING = 8 * 60;
const EVENING = 18 * 60;

/** The sessions of one day as blocks; those of a hall that overlap stand side by side. */
export function blocks(sessions: readonly Session[], day: string, zone: string): Block[] {
  const placed = sessions.map((session) => blockOf(session, zone)).filter((block) => block.day === day);
  return halls(placed.map(({ session }) => session)).flatMap((hall) => abreast(placed.filter((block) => block.hall === hall)));
}

function blockOf(session: Session, zone: string): Block {
  const starts_ms = Date.parse(session.starts_at);
  const { day, minute } = wallOf(starts_ms, zone);
  const length = (Date.parse(session.ends_at) - starts_ms) / MINUTE_MS;
  const end = Math.min(DAY_MINUTES, minute + length);
  return { session, day, start: minute, end, hall: session.hall ?? '', lane: 0, lanes: 1 };
}

/** Gives each block of one hall the first lane that is free; a run of overlapping ones is as wide as its widest moment. */
function abreast(list: Block[]): Block[] {
  const sorted = [...list].sort((a, b) => a.start - b.start || b.end - a.end);
  const done: Block[] = [];
  let run: Block[] = [];
  const close = (): void => {
    const lanes = Math.max(0, ...run.map(({ lane }) => lane)) + 1;
    done.push(...run.map((block) => ({ ...block, lanes })));
    run = [];
  };
  for (const block of sorted) {
    if (run.length > 0 && block.start >= Math.max(...run.map(({ end }) => end))) close();
    const taken = new Set(run.filter(({ end }) => end > block.start).map(({ lane }) => lane));
    let lane = 0;
    while (taken.has(lane)) lane++;
    run.push({ ...block, lane });
  }
  close();
  return done;
}

/** The halls that are named, in the order of their names; what has none comes last. */
export function halls(sessions: readonly Session[]): string[] {
  const names = [...new Set(sessions.map(({ hall }) => hall ?? ''))];
  return names.sort((a, b) => Number(a === '') - Number(b === '') || a.localeCompare(b, undefined, { numeric: true }));
}

/** The hours that a day's grid shows: the working day, and more where there is something. */
export function hours(list: readonly Block[]): { from: number; to: number } {
  const from = Math.min(MORNING, ...list.map(({ start }) => Math.floor(start / 60) * 60));
  const to = Math.max(EVENING, ...list.map(({ end }) => Math.ceil(end / 60) * 60));
  return { from, to };
}

/** The times of a session that begins elsewhere on the wall and lasts as long as before. */
export function moved(session: Session, day: string, start: number, zone: string): Pick<Session, 'starts_at' | 'ends_at'> {
  const length_ms = Date.parse(session.ends_at) - Date.parse(session.starts_at);
  const starts_ms = instantOf({ day, minute: clamp(start) }, zone);
  return { starts_at: new Date(starts_ms).toISOString(), ends_at: new Date(starts_ms + length_ms).toISOString() };
}

const clamp = (minute: number): number => Math.max(0, Math.min(DAY_MINUTES - STEP_MIN, minute));

/** To the nearest step. */
export function snap(minute: number): number {
  return Math.round(minute / STEP_MIN) * STEP_MIN;
}
