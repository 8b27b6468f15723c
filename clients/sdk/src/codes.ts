/** Stable codes: the hub's own, the SDK's own, and what a close code asks of a client. */

/** The hub's refusals; a room's are `<kind>.<reason>`. */
export const HUB = {
  badFrame: 'hub.bad_frame',
  unknownOp: 'hub.unknown_op',
  notJoined: 'hub.not_joined',
  forbidden: 'hub.forbidden',
  notFound: 'hub.not_found',
  rateLimited: 'hub.rate_limited',
  busy: 'hub.busy',
  tooLarge: 'hub.too_large',
  tokenExpired: 'hub.token_expired',
  moved: 'hub.moved',
  internal: 'hub.internal',
} as const;

/** What the SDK itself refuses. */
export const CLIENT = {
  /** Not connected, and the command is not one that waits. */
  offline: 'client.offline',
  /** As many commands wait as may. */
  outboxFull: 'client.outbox_full',
} as const;

/** Whether a refused command is worth sending again unchanged, with its key. */
export function isPassing(code: string): boolean {
  return code === HUB.rateLimited || code === HUB.busy || code === HUB.moved;
}

/** What to do after a socket closed. */
export type Comeback = 'backoff' | 'fresh-token' | 'never';

/** What a close code asks for; an unknown one (1006: the line broke) is a reason to come back. */
export function comeback(closeCode: number): Comeback {
  if (closeCode === 4401) return 'fresh-token';
  return closeCode === 4400 || closeCode === 4403 ? 'never' : 'backoff';
}
