import { signed } from './signed';

/** One's own account. */
export interface Factor {
  /** Since when it is asked for; null when there is none. */
  confirmed_at: string | null;
  recovery_codes_left: number;
}

export interface SignIn {
  id: string;
  device: string;
  started_at: string;
  seen_at: string;
  current: boolean;
}

export const SCOPES = ['watch', 'moderate', 'organise', 'admin'] as const;
export type ScopeName = (typeof SCOPES)[number];

export interface OwnToken {
  id: string;
  name: string;
  scopes: ScopeName[];
  expires_at: string | null;
  last_used_at: string | null;
}

export const factor = (): Promise<Factor> => signed('/account/second-factor');
export const prepareFactor = (): Promise<{ secret: string; url: string }> => signed('/account/second-factor', { method: 'POST' });
export const removeFactor = (otp: string): Promise<unknown> => signed('/account/second-factor/remove', { method: 'POST', body: { otp } });

export async function confirmFactor(otp: string): Promise<string[]> {
  const made = await signed<{ recovery_codes: string[] }>('/account/second-factor/confirm', { method: 'POST', body: { otp } });
  return made.recovery_codes;
}

export const signIns = (): Promise<SignIn[]> => signed('/account/sessions');
export const endSignIn = (id: string): Promise<unknown> => signed(`/account/sessions/${id}`, { method: 'DELETE' });

export const tokens = (): Promise<OwnToken[]> => signed('/account/tokens');
export const revokeToken = (id: string): Promise<unknown> => signed(`/account/tokens/${id}`, { method: 'DELETE' });

/** The token itself, shown once. `days` is how long it is good; 0 for ever. */
export async function makeToken(name: string, scope: ScopeName, days: number): Promise<string> {
  const expires_at = new Date(Date.now() + days * 86_400_000).toISOString();
  const body = { name, scopes: [scope], ...(days > 0 && { expires_at }) };
  return (await signed<{ token: string }>('/account/tokens', { method: 'POST', body })).token;
}

export function changePassword(current: string, next: string): Promise<unknown> {
  return signed('/account/password', { method: 'POST', body: { current, new: next } });
}
