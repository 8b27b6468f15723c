import { ApiError, call } from './api';
import type { Tokens } from './identity.svelte';
import { pairedScreen, type PairedScreen } from './people';

/** A code that waits on a screen for a moderator to confirm it. */
export interface Offer {
  pairing_code: string;
  poll_token: string;
}

export function offer(): Promise<Offer> {
  return call<Offer>('/auth/screens/pair', { method: 'POST', body: {} });
}

/** Asks once whether the code has been confirmed; keeps the screen's tokens when it has. */
export async function claim({ poll_token }: Offer): Promise<'paired' | 'waiting' | 'expired'> {
  try {
    const answer = await call<Partial<Tokens & PairedScreen>>('/auth/screens/token', { method: 'POST', body: { poll_token } });
    if (answer.access_token === undefined) return 'waiting';
    pairedScreen.keep(answer as Tokens, { screen: answer.screen, conference: answer.conference });
    return 'paired';
  } catch (error) {
    // A code lives for some minutes: an old one is unknown to the hub, and the screen asks for another.
    if (error instanceof ApiError && error.status >= 400 && error.status < 429) return 'expired';
    throw error;
  }
}
