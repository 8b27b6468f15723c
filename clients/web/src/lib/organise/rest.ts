import { all, signed } from './signed';

/** What organisers and moderators read and change over REST. */
export type ConferenceStatus = 'draft' | 'published' | 'ongoing' | 'completed';

export interface Conference {
  id: string;
  title: string;
  status: ConferenceStatus;
  /** IANA name. */
  time_zone: string;
  /** Days in its own time zone, `2026-11-22`. */
  starts_on: string;
  ends_on: string;
  /** Codes; the first one is that of its own texts. */
  languages: string[];
  join_code: string;
  join_url: string;
}

export type ConferenceDetails = Pick<Conference, 'title' | 'time_zone' | 'starts_on' | 'ends_on'>;
type ConferenceChange = Partial<ConferenceDetails & Pick<Conference, 'languages'>>;

export interface Session {
  id: string;
  title: string;
  status: string;
  summary: string;
  /** RFC 3339. */
  starts_at: string;
  ends_at: string;
  hall: string | null;
}

export type SessionDetails = Pick<Session, 'title' | 'starts_at' | 'ends_at' | 'hall' | 'summary'>;

export const conferences = (): Promise<Conference[]> => all('/conferences?sort=-starts_on');
export const conference = (id: string): Promise<Conference> => signed(`/conferences/${id}`);
export const sessions = (id: string): Promise<Session[]> => all(`/conferences/${id}/sessions?sort=starts_at`);
export const session = (id: string): Promise<Session> => signed(`/sessions/${id}`);
export const liveSessions = (id: string): Promise<Session[]> => all(`/conferences/${id}/sessions?status=live`);

export function createConference(body: ConferenceDetails): Promise<Conference> {
  return signed('/conferences', { method: 'POST', body });
}

export function changeConference(id: string, body: ConferenceChange): Promise<Conference> {
  return signed(`/conferences/${id}`, { method: 'PATCH', body });
}

export function setStatus(id: string, status: ConferenceStatus): Promise<Conference> {
  return signed(`/conferences/${id}/status`, { method: 'PATCH', body: { status } });
}

/** A new session; what it has no hall or summary for is left out. */
export function createSession(conference: string, { hall, summary, ...rest }: SessionDetails): Promise<Session> {
  const body = { ...rest, ...(hall && { hall }), ...(summary && { summary }) };
  return signed(`/conferences/${conference}/sessions`, { method: 'POST', body });
}

export function changeSession(id: string, body: Partial<SessionDetails>): Promise<Session> {
  return signed(`/sessions/${id}`, { method: 'PATCH', body });
}

export function createPoll(conference: string, session_id: string, poll: Record<string, unknown>): Promise<{ id: string }> {
  return signed(`/conferences/${conference}/polls`, { method: 'POST', body: { session_id, ...poll } });
}

/** How many people have joined. */
export async function joined(id: string): Promise<number> {
  const { participants } = await signed<{ participants: number }>(`/conferences/${id}/participants/count`);
  return participants;
}
