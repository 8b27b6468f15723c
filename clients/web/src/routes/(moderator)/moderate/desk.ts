import { call, type Call } from '$lib/state/api';
import { moderator } from '$lib/state/people';

/** The moderator's REST calls, with their token and tenant. */
export interface Conference {
  id: string;
  title: string;
  status: string;
  join_code: string;
}

export interface Session {
  id: string;
  title: string;
  status: string;
}

export interface Screen {
  id: string;
  name: string;
  session_id: string | null;
}

async function signed<T>(path: string, body?: unknown, method: Call['method'] = 'POST'): Promise<T> {
  const token = await moderator.token();
  const tenant = moderator.current?.tenant;
  return call<T>(path, { method: body === undefined && method === 'POST' ? 'GET' : method, body, token: token ?? undefined, tenant });
}

const PAGE = 100;

/** Every line of a list, page by page. */
async function all<T>(path: string): Promise<T[]> {
  const lines: T[] = [];
  for (let page = 1; ; page++) {
    const more = await signed<T[]>(`${path}?per_page=${PAGE}&page=${page}`);
    lines.push(...more);
    if (more.length < PAGE) return lines;
  }
}

export const conferences = (): Promise<Conference[]> => all('/conferences');
export const conference = (id: string): Promise<Conference> => signed(`/conferences/${id}`);
export const sessions = (id: string): Promise<Session[]> => all(`/conferences/${id}/sessions`);

/** A conference of one day, today, in this device's time zone: the rest can be set later. */
export function createConference(title: string): Promise<Conference> {
  const day = new Date().toLocaleDateString('sv');
  const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return signed('/conferences', { title, time_zone, starts_on: day, ends_on: day });
}

const HOUR_MS = 3_600_000;

/** A session of an hour from now. */
export function createSession(conference: string, title: string): Promise<Session> {
  const starts_at = new Date().toISOString();
  const ends_at = new Date(Date.now() + HOUR_MS).toISOString();
  return signed(`/conferences/${conference}/sessions`, { title, starts_at, ends_at });
}

export function pairScreen(conference: string, pairing_code: string, session_id: string): Promise<unknown> {
  return signed(`/conferences/${conference}/screens`, { pairing_code, session_id });
}

export const screens = (conference: string): Promise<Screen[]> => all(`/conferences/${conference}/screens`);
export const sendScreen = (id: string, session_id: string): Promise<unknown> => signed(`/screens/${id}`, { session_id }, 'PATCH');
export const unpairScreen = (id: string): Promise<unknown> => signed(`/screens/${id}`, undefined, 'DELETE');
