import type { Key } from '$lib/i18n/i18n.svelte';
import type { Bucket, Row } from '$lib/rooms/poll/model.svelte';
import { signed } from './signed';

/** What people did at a conference and in its sessions, in numbers. */
export const FIGURES = ['active', 'votes', 'questions', 'supports', 'messages', 'reactions'] as const;
export type Figure = (typeof FIGURES)[number];
export type Figures = Record<Figure, number>;

export interface DayFigures {
  /** `2026-11-22`, in the conference's time zone. */
  date: string;
  joined: number;
  arrived: number;
  /** The most people who were in one session at once. */
  most_at_once: number;
  /** None when too few people did something. */
  figures: Figures | null;
}

export interface SessionLine {
  id: string;
  title: string;
  starts_at: string;
  attended: number;
  most_at_once: number;
  figures: Figures;
}

export interface ConferenceFigures {
  time_zone: string;
  people_min: number;
  participants: number;
  arrived: number;
  most_at_once: number;
  totals: Figures;
  polls: number;
  ballots: number;
  answered: number;
  days: DayFigures[];
  sessions: SessionLine[];
  together: { days: number; sessions: number; more_sessions: number };
}

export interface PollLine {
  id: string;
  title: string;
  kind: string;
  ballots: number;
  voters: number;
}

export interface Quarter {
  /** RFC 3339. */
  from: string;
  deeds: number;
  most_at_once: number;
}

export interface SessionFigures {
  title: string;
  time_zone: string;
  people_min: number;
  attended: number;
  most_at_once: number;
  totals: Figures;
  polls: PollLine[];
  quarters: Quarter[];
}

export interface Recounted {
  same: boolean;
}

export const ofConference = (id: string): Promise<ConferenceFigures> => signed(`/conferences/${id}/analytics`);
export const ofSession = (id: string): Promise<SessionFigures> => signed(`/sessions/${id}/analytics`);
export const recount = (id: string): Promise<Recounted> => signed(`/conferences/${id}/analytics/recompute`, { method: 'POST' });

export const nameOf = (figure: Figure): Key => `figures.${figure}`;

/** Bars of one figure, as long as they are beside one another. */
export function bars(lines: readonly { id: string; label: string; amount: number }[]): Row[] {
  const most = Math.max(0, ...lines.map(({ amount }) => amount));
  return lines.map((line) => ({ ...line, share: most === 0 ? 0 : line.amount / most, lead: line.amount === most && most > 0 }));
}

/** Columns of quarter hours; each keeps its beginning as its value. */
export function columns(quarters: readonly Quarter[]): Bucket[] {
  return quarters.map(({ from, deeds }) => ({ value: Date.parse(from), count: deeds }));
}
