import { Identity } from './identity.svelte';

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

export const attendee = new Identity<Attendee>('attendee');
export const moderator = new Identity<Moderator>('moderator');
export const pairedScreen = new Identity<PairedScreen>('screen');
