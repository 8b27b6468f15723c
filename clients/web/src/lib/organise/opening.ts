import { body, fresh, ready, type Recipe } from '$lib/rooms/poll/recipe';
import { createConference, createPoll, createSession, setStatus, type Conference, type ConferenceDetails, type Session } from './rest';
import { filled, timesOf, type Slot } from './slot';
import { zoneHere } from './zone';

/** All that a first conference is made of: filled in step by step, made at the end. */
export interface Opening {
  details: ConferenceDetails;
  session: { title: string; slot: Slot };
  poll: Recipe;
}

export const STEPS = ['conference', 'session', 'poll'] as const;
export type Step = (typeof STEPS)[number];

/** Today, in this device's time zone, at nine. */
export function blankOpening(today: string): Opening {
  return {
    details: { title: '', time_zone: zoneHere(), starts_on: today, ends_on: today },
    session: { title: '', slot: { day: today, from: '09:00', to: '10:00', hall: '' } },
    poll: fresh(),
  };
}

/** A session's day stays one of the conference's. */
export function fitted(opening: Opening): Opening {
  const { starts_on, ends_on } = opening.details;
  const { slot } = opening.session;
  const day = slot.day < starts_on || slot.day > ends_on ? starts_on : slot.day;
  return { ...opening, session: { ...opening.session, slot: { ...slot, day } } };
}

export function complete({ details, session, poll }: Opening, step: Step): boolean {
  if (step === 'conference') return details.title.trim() !== '' && details.starts_on !== '' && details.ends_on >= details.starts_on;
  return step === 'session' ? session.title.trim() !== '' && filled(session.slot) : ready(poll);
}

/** What has been made so far: a try that broke off goes on where it stopped. */
export interface Made {
  conference?: Conference;
  session?: Session;
  poll?: { id: string };
}

/** Makes the conference with its session and, unless it is left out, its poll, and publishes it. */
export async function make(opening: Opening, made: Made, withPoll: boolean): Promise<void> {
  const { details, session, poll } = opening;
  made.conference ??= await createConference({ ...details, title: details.title.trim() });
  const { id, time_zone } = made.conference;
  made.session ??= await createSession(id, { title: session.title.trim(), summary: '', ...timesOf(session.slot, time_zone) });
  if (withPoll) made.poll ??= await createPoll(id, made.session.id, body(poll));
  if (made.conference.status === 'draft') made.conference = await setStatus(id, 'published');
}
