import { call } from './api';
import { Identity, type Tokens } from './identity.svelte';

export interface SessionLine {
  id: string;
  title: string;
  status: string;
  rooms: { session: string; qa: string; messaging: string };
}

/** An attendee who came in by a join code. */
export interface Attendee {
  code: string;
  participant: { id: string; name: string | null };
  conference: { id: string; title: string };
  sessions: SessionLine[];
}

/** Someone who signed in to run sessions. */
export interface Moderator {
  email: string;
}

/** A hall's screen that was paired. */
export interface PairedScreen {
  screen?: string | undefined;
  conference?: string | undefined;
}

/** The rooms of a session share its id. */
export function roomsOf(session: string): SessionLine['rooms'] {
  return { session: `session:${session}`, qa: `qa:${session}`, messaging: `messaging:${session}` };
}

export const attendee = new Identity<Attendee>('attendee');
export const moderator = new Identity<Moderator>('moderator');
/** The conference's sessions as they are now; without a network the ones from the join stay. */
export async function renewSessions(): Promise<void> {
  const held = attendee.current;
  const token = await attendee.token().catch(() => null);
  if (held === null || token === null) return;
  const path = `/conferences/${held.conference.id}/sessions?per_page=100`;
  const found = await call<SessionLine[]>(path, { token }).catch(() => null);
  if (found === null) return;
  const fresh = found.map(({ id, title, status }) => ({ id, title, status, rooms: roomsOf(id) }));
  const others = held.sessions.filter((session) => fresh.every(({ id }) => id !== session.id));
  attendee.change({ sessions: [...fresh, ...others] });
}

/** What the hub answers to someone who comes in, by a code or by a ticket. */
export type Joined = Tokens & Omit<Attendee, 'code'>;

export function comeIn(code: string, joined: Joined): void {
  const { participant, conference, sessions } = joined;
  attendee.keep(joined, { code, participant, conference, sessions });
}

export const pairedScreen = new Identity<PairedScreen>('screen');
