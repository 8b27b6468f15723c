import { signed, all } from '$lib/organise/signed';
import { callWhole, type Whole } from '$lib/state/api';
import { moderator } from '$lib/state/people';
import type { Roll } from './memory';
import type { Expected, Scan, Told } from './verdict';

/** A door and the hub. */
const SCANS_AT_ONCE = 500;

/** All that a door needs, fresh. */
export async function readRoll(conference: string, session: string | null): Promise<Roll> {
  const [about, sessions, key, people] = await Promise.all([
    signed<Roll['conference']>(`/conferences/${conference}`),
    all<{ id: string; title: string }>(`/conferences/${conference}/sessions?sort=starts_at`),
    signed<JsonWebKey>(`/conferences/${conference}/check-ins/key`),
    everybody(conference, session),
  ]);
  const { id, title, time_zone } = about;
  const named = sessions.map((one) => ({ id: one.id, title: one.title }));
  return { conference: { id, title, time_zone }, sessions: named, session, key, people, read_at: new Date().toISOString() };
}

async function everybody(conference: string, session: string | null): Promise<Expected[]> {
  const people: Expected[] = [];
  const door = session === null ? '' : `session_id=${session}`;
  let cursor: string | null = '';
  while (cursor !== null) {
    const token = (await moderator.token()) ?? undefined;
    const path: string = `/conferences/${conference}/check-ins/expected?${door}${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { data, meta }: Whole<Expected[]> = await callWhole<Expected[]>(path, { token, tenant: moderator.current?.tenant });
    people.push(...data);
    cursor = meta.cursor?.next ?? null;
  }
  return people;
}

/** Tells scans, and hears what came of each. */
export async function tell(conference: string, scans: readonly Scan[]): Promise<Told[]> {
  const told: Told[] = [];
  for (let from = 0; from < scans.length; from += SCANS_AT_ONCE) {
    const some = scans.slice(from, from + SCANS_AT_ONCE).map(asSent);
    told.push(...(await signed<Told[]>(`/conferences/${conference}/check-ins/sync`, { method: 'POST', body: { scans: some } })));
  }
  return told;
}

function asSent({ id, ticket, participant, session, at, device }: Scan): object {
  const who = ticket === null ? { participant_id: participant } : { ticket };
  return { id, ...who, ...(session !== null && { session_id: session }), at, device };
}
