import { all, signed } from './signed';

/** Roles that an account may hold in the whole organisation, the widest first. */
export const ACCOUNT_ROLES = ['owner', 'admin', 'organiser', 'moderator', 'chair', 'speaker', 'exhibitor'] as const;
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

export interface User {
  id: string;
  email: string;
  name: string;
  roles: AccountRole[];
  status: 'active' | 'disabled';
  version: number;
}

/** A role beyond those in the whole organisation: for one conference, or one of the organisation's own. */
export interface Grant {
  id: string;
  role: string;
  role_id: string | null;
  conference_id: string | null;
}

/** A role that can be granted; the organisation's own ones have an id. */
export interface RoleLine {
  id: string | null;
  name: string;
  built_in: boolean;
  actions: string[];
  version?: number | null;
}

/** One action, and why it is allowed or not. */
export interface Verdict {
  action: string;
  allowed: boolean;
  because: { role: string; conference_id: string | null } | null;
}

export const users = (search: string): Promise<User[]> =>
  signed(`/users?sort=name&per_page=100${search === '' ? '' : `&search=${encodeURIComponent(search)}`}`);
export const user = (id: string): Promise<User> => signed(`/users/${id}`);
export const grants = (id: string): Promise<Grant[]> => signed(`/users/${id}/grants`);
export const roles = (): Promise<RoleLine[]> => all('/roles');

export const makeRole = (name: string, actions: string[]): Promise<RoleLine> => signed('/roles', { method: 'POST', body: { name, actions } });
export const removeRole = ({ id }: RoleLine): Promise<unknown> => signed(`/roles/${id}`, { method: 'DELETE' });

export function changeRole({ id, version }: RoleLine, name: string, actions: string[]): Promise<RoleLine> {
  return signed(`/roles/${id}`, { method: 'PUT', body: { name, actions }, version: version ?? undefined });
}

/** Changes what was read in `version`; somebody else's change in between is not lost. */
export function changeUser({ id, version }: User, body: Partial<{ name: string; roles: AccountRole[]; disabled: boolean }>): Promise<User> {
  return signed(`/users/${id}`, { method: 'PATCH', body, version });
}

export function grant(id: string, body: { role?: string; role_id?: string; conference_id?: string }): Promise<Grant> {
  return signed(`/users/${id}/grants`, { method: 'POST', body });
}

export function take(id: string, held: string): Promise<unknown> {
  return signed(`/users/${id}/grants/${held}`, { method: 'DELETE' });
}

/** What an account may do, in one conference or in the whole organisation, and why. */
export async function verdicts(id: string, conference: string): Promise<Verdict[]> {
  const { actions } = await signed<{ actions: Verdict[] }>(`/users/${id}/rights${conference === '' ? '' : `?conference_id=${conference}`}`);
  return actions;
}

/** Roles that people are invited with; owners and administrators are made of accounts that are there. */
export const INVITED_ROLES = ['moderator', 'organiser', 'chair', 'speaker', 'exhibitor'] as const satisfies readonly AccountRole[];

export interface Invitation {
  id: string;
  email: string;
  name: string;
  expires_at: string;
}

export const invitations = (): Promise<Invitation[]> => signed('/invitations');
export const resend = (id: string): Promise<unknown> => signed(`/invitations/${id}/resend`, { method: 'POST' });
export const takeBack = (id: string): Promise<unknown> => signed(`/invitations/${id}`, { method: 'DELETE' });

/** Invites with one role: in one conference, or in the whole organisation. */
export function invite(email: string, role: AccountRole, conference: string | null): Promise<Invitation> {
  const what = conference === null ? { roles: [role] } : { grants: [{ role, conference_id: conference }] };
  return signed('/invitations', { method: 'POST', body: { email, ...what } });
}

/** With a role put there or taken away, the widest first. */
export function withRole(held: readonly AccountRole[], role: AccountRole, on: boolean): AccountRole[] {
  return ACCOUNT_ROLES.filter((one) => (one === role ? on : held.includes(one)));
}
