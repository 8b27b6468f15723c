import type { Push } from '../push';

export type SessionStatus = 'scheduled' | 'live' | 'paused' | 'ended';
export type SceneKind = 'poll' | 'qa' | 'debate' | 'message' | 'blank';
export type TimerState = 'idle' | 'running' | 'paused' | 'over';

export interface Scene {
  kind: SceneKind;
  room: string | null;
  text: string | null;
}

export interface Timer {
  state: TimerState;
  duration_ms: number;
  ends_at_ms: number | null;
  remaining_ms: number | null;
  warn_ms?: number | null;
  danger_ms?: number | null;
  label?: string | null;
}

export interface PollLine {
  room: string;
  title: string;
}

export interface SessionState {
  session: { id: string; title: string; status: SessionStatus };
  live: Scene;
  timer: Timer;
  present: number;
  rooms: { qa: string; messaging: string; polls: string[] };
  /** For moderators: the title of a poll that nobody else may know of yet. */
  poll_titles?: PollLine[];
  reactions?: { allowed: string[] };
}

/** Applies a push; reactions are not state, the page shows them as they come. */
export function reduce(state: SessionState, push: Push): SessionState {
  switch (push.ev) {
    case 'session.state':
      return push.data as SessionState;
    case 'session.status':
      return { ...state, session: { ...state.session, ...(push.data as Partial<SessionState['session']>) } };
    case 'session.live':
      return { ...state, live: push.data as Scene };
    case 'session.timer':
      return { ...state, timer: push.data as Timer };
    case 'session.present':
      return { ...state, present: (push.data as { present: number }).present };
    case 'session.polls':
      return withPolls(state, push.data as { polls: string[]; titles?: PollLine[] });
    default:
      return state;
  }
}

function withPolls(state: SessionState, { polls, titles }: { polls: string[]; titles?: PollLine[] }): SessionState {
  return { ...state, rooms: { ...state.rooms, polls }, ...(titles && { poll_titles: titles }) };
}

export type Phase = 'idle' | 'calm' | 'warn' | 'danger' | 'over';

/** A countdown read at one moment of server time. */
export interface Reading {
  phase: Phase;
  /** Milliseconds left; negative in overtime. */
  left_ms: number;
  /** How much of the duration is left, 0 to 1. */
  share: number;
  running: boolean;
}

const WARN_SHARE = 0.2;
const DANGER_SHARE = 0.1;

/** Reads the countdown at `now_ms`: pure, so every face shows the same second without a message while it runs. */
export function read(timer: Timer, now_ms: number): Reading {
  if (timer.state === 'idle') return { phase: 'idle', left_ms: 0, share: 0, running: false };
  const left_ms = timer.ends_at_ms === null ? (timer.remaining_ms ?? 0) : timer.ends_at_ms - now_ms;
  const share = Math.min(1, Math.max(0, left_ms / Math.max(1, timer.duration_ms)));
  return { phase: phaseOf(timer, left_ms), left_ms, share, running: timer.state !== 'paused' };
}

function phaseOf(timer: Timer, left_ms: number): Phase {
  if (left_ms <= 0) return 'over';
  if (left_ms <= (timer.danger_ms ?? timer.duration_ms * DANGER_SHARE)) return 'danger';
  return left_ms <= (timer.warn_ms ?? timer.duration_ms * WARN_SHARE) ? 'warn' : 'calm';
}

/** `m:ss`, or `h:mm:ss` from an hour on; overtime carries a plus. Rounded up, so that 0:00 is exactly the end. */
export function spell(left_ms: number): string {
  const seconds = left_ms >= 0 ? Math.ceil(left_ms / 1000) : Math.floor(-left_ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const two = (n: number): string => String(n).padStart(2, '0');
  const clock = hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  return left_ms < 0 ? `+${clock}` : clock;
}
