import { call } from '$lib/state/api';
import type { Tokens } from '$lib/state/identity.svelte';
import { moderator } from '$lib/state/people';

/** Ways into an account. What a device has to remember between two steps is kept here. */
const DEVICE = 'plenum.device.';
const BEGUN = 'plenum.signing';

interface Signed extends Tokens {
  device_token?: string;
}

interface Begun {
  handle: string;
  tenant: string | undefined;
}

const post = <T>(path: string, body: unknown, tenant?: string): Promise<T> => call<T>(path, { method: 'POST', body, tenant });

/** By password, and by a code where the account has a second factor. */
export async function signIn(who: { email: string; password: string; otp?: string }, tenant?: string): Promise<void> {
  const place = `${DEVICE}${who.email.toLowerCase()}`;
  const device_token = localStorage.getItem(place);
  const signed = await post<Signed>('/auth/login', { ...who, ...(device_token && { device_token }) }, tenant);
  if (signed.device_token) localStorage.setItem(place, signed.device_token);
  moderator.keep(signed, { email: who.email }, tenant);
}

/** What stands on the button of the organisation's own provider; null when it has none. */
export async function provider(tenant?: string): Promise<string | null> {
  const way = await call<{ name: string } | null>('/auth/oidc', { tenant }).catch(() => null);
  return way?.name ?? null;
}

/** Leaves for the organisation's own provider. */
export async function leaveForProvider(tenant?: string): Promise<void> {
  const { url, handle } = await post<{ url: string; handle: string }>('/auth/oidc/begin', {}, tenant);
  const begun: Begun = { handle, tenant };
  sessionStorage.setItem(BEGUN, JSON.stringify(begun));
  location.assign(url);
}

/** Comes back from there; false when this browser did not begin it. */
export async function comeBack(query: URLSearchParams): Promise<boolean> {
  const kept = sessionStorage.getItem(BEGUN);
  sessionStorage.removeItem(BEGUN);
  const [code, state] = [query.get('code'), query.get('state')];
  if (kept === null || code === null || state === null) return false;
  const { handle, tenant } = JSON.parse(kept) as Begun;
  moderator.keep(await post<Tokens>('/auth/oidc/finish', { handle, state, code }), { email: '' }, tenant);
  return true;
}

export interface Invited {
  email: string;
  name: string;
  tenant: string;
  slug: string;
}

export const invited = (token: string): Promise<Invited> => post('/auth/invitation', { token });

/** Makes the account of an invitation, and signs in to it. */
export async function accept(token: string, { email, slug }: Invited, name: string, password: string): Promise<void> {
  const tokens = await post<Tokens>('/auth/invitation/accept', { token, password, ...(name.trim() && { name }) });
  moderator.keep(tokens, { email }, slug);
}

export const forgot = (email: string, tenant?: string): Promise<unknown> => post('/auth/password/forgot', { email }, tenant);
export const reset = (token: string, password: string): Promise<unknown> => post('/auth/password/reset', { token, password });
