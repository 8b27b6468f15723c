import { createConference, createSession, type Conference, type Session } from '$lib/organise/rest';
import { all, signed } from '$lib/organise/signed';
import { zoneHere } from '$lib/organise/zone';

/** What a moderator makes and pairs from the desk. */
export interface Screen {
  id: string;
  name: string;
  session_id: string | null;
}

/** A conference of one day, today, in this device's time zone: the rest can be set later. */
export function conferenceToday(title: string): Promise<Conference> {
  const day = new Date().toLocaleDateString('sv');
  return createConference({ title, time_zone: zoneHere(), starts_on: day, ends_on: day });
}

const HOUR_MS = 3_600_000;

/** A session of an hour from now. */
export function sessionNow(conference: string, title: string): Promise<Session> {
  const starts_at = new Date().toISOString();
  const ends_at = new Date(Date.now() + HOUR_MS).toISOString();
  return createSession(conference, { title, starts_at, ends_at, hall: null, summary: '' });
}

export function pairScreen(conference: string, pairing_code: string, session_id: string): Promise<unknown> {
  return signed(`/conferences/${conference}/screens`, { method: 'POST', body: { pairing_code, session_id } });
}

export function sendScreen(id: string, session_id: string): Promise<unknown> {
  return signed(`/screens/${id}`, { method: 'PATCH', body: { session_id } });
}

export const screens = (conference: string): Promise<Screen[]> => all(`/conferences/${conference}/screens`);
export const unpairScreen = (id: string): Promise<unknown> => signed(`/screens/${id}`, { method: 'DELETE' });
