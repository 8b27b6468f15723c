import { callWhole, type Whole } from '$lib/state/api';
import { moderator } from '$lib/state/people';

/** What a participant did, and who came to a session. */
export interface Doing {
  at: string;
  what: 'registered' | 'joined' | 'moved' | 'checked_in' | 'seat' | 'waits' | 'vote' | 'question' | 'support' | 'message' | 'reaction' | 'other';
  session_id: string | null;
  title: string | null;
  status: string | null;
}

export interface Attended {
  participant_id: string;
  name: string;
  from: string;
  until: string;
  /** When they came in at the session's door. */
  in_at: string | null;
}

async function whole<T>(path: string): Promise<Whole<T>> {
  return callWhole<T>(path, { token: (await moderator.token()) ?? undefined, tenant: moderator.current?.tenant });
}

/** A piece of what someone did, the latest first, and where the next one begins. */
export async function activity(participant: string, cursor: string | null): Promise<{ lines: Doing[]; next: string | null }> {
  const from = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
  const { data, meta } = await whole<Doing[]>(`/participants/${participant}/activity${from}`);
  return { lines: data, next: meta.cursor?.next ?? null };
}

/** A page of those who came, and how many there are. */
export async function attendance(session: string, page: number): Promise<{ lines: Attended[]; total: number }> {
  const { data, meta } = await whole<Attended[]>(`/sessions/${session}/attendance?per_page=100&page=${page}`);
  return { lines: data, total: meta.pagination?.total ?? data.length };
}
