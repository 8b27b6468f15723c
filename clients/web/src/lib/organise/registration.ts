import type { Consent, FormField } from '$lib/registration/form';
import type { Status } from '$lib/registration/visit';
import { callWhole } from '$lib/state/api';
import { moderator } from '$lib/state/people';
import { signed } from './signed';
import { clockText, instantOf, minuteOf, wallOf } from './zone';

/** How one registers for a conference. */
export interface Form {
  open: boolean;
  /** RFC 3339. */
  opens_at: string | null;
  closes_at: string | null;
  capacity: number | null;
  approval: boolean;
  /** Who registers is written to by mail. */
  letters: boolean;
  fields: FormField[];
  consents: Consent[];
  version: number;
}

/** Someone who takes part, or wants to. */
export interface Participant {
  id: string;
  name: string;
  email: string | null;
  roles: string[];
  status: Status;
  joined_at: string;
  arrived_at: string | null;
  answers: Record<string, unknown>;
  /** Each with when. */
  consents: Record<string, string>;
  version: number;
}

export interface Filter {
  search: string;
  status: Status | '';
  arrived: '' | 'true' | 'false';
}

export interface Imported {
  people: number;
  wrong: { line: number; reason: string }[];
}

/** Where a registration can go from here. */
export const MOVES: Record<Status, Status[]> = {
  pending: ['confirmed', 'rejected'],
  waiting: ['confirmed', 'rejected'],
  confirmed: ['cancelled'],
  cancelled: ['confirmed'],
  rejected: ['confirmed'],
};
export const STATUSES = Object.keys(MOVES) as Status[];
const PAGE = 50;

export const form = (conference: string): Promise<Form> => signed(`/conferences/${conference}/registration`);

export function saveForm(conference: string, { version, ...body }: Form): Promise<Form> {
  return signed(`/conferences/${conference}/registration`, { method: 'PUT', body, version });
}

/** A page of those who take part, by name, and how many there are in all. */
export async function participants(conference: string, filter: Filter, page: number): Promise<{ lines: Participant[]; total: number }> {
  const chosen = Object.entries(filter).filter(([, value]) => value !== '');
  const query = new URLSearchParams([...chosen, ['sort', 'name'], ['per_page', String(PAGE)], ['page', String(page)]]);
  const who = { token: (await moderator.token()) ?? undefined, tenant: moderator.current?.tenant };
  const { data, meta } = await callWhole<Participant[]>(`/conferences/${conference}/participants?${query}`, who);
  return { lines: data, total: meta.pagination?.total ?? data.length };
}

export const participant = (id: string): Promise<Participant> => signed(`/participants/${id}`);
export const ticketOf = async (id: string): Promise<string> => (await signed<{ ticket: string }>(`/participants/${id}/ticket`)).ticket;

/** A mail about somebody's registration. */
export interface Mailed {
  notice: 'received' | 'confirmed' | 'waiting' | 'moved_up' | 'rejected' | 'cancelled';
  state: 'due' | 'under_way' | 'sent' | 'failed' | 'outdated';
  asked_at: string;
  ended_at: string | null;
  /** Why it did not go. */
  reason: string | null;
}

/** What somebody was written, the latest first. */
export const mailsTo = (id: string): Promise<Mailed[]> => signed(`/participants/${id}/letters`);
export const writeTo = (id: string): Promise<Mailed[]> => signed(`/participants/${id}/letters`, { method: 'POST', body: {} });

export function move({ id, version }: Participant, status: Status): Promise<Participant> {
  return signed(`/participants/${id}/status`, { method: 'PATCH', body: { status }, version });
}

export function importPeople(conference: string, csv: string, { dry_run, letters }: { dry_run: boolean; letters: boolean }): Promise<Imported> {
  return signed(`/conferences/${conference}/participants/import`, { method: 'POST', body: { csv, dry_run, letters } });
}

/** A moment for a field of the browser, `2026-11-22T09:00`, by the conference's clock. */
export function toField(at: string | null, zone: string): string {
  if (at === null) return '';
  const { day, minute } = wallOf(Date.parse(at), zone);
  return `${day}T${clockText(minute)}`;
}

export function fromField(text: string, zone: string): string | null {
  const [day = '', time = ''] = text.split('T');
  return day === '' ? null : new Date(instantOf({ day, minute: minuteOf(time) }, zone)).toISOString();
}
