import { callWhole } from '$lib/state/api';
import { moderator } from '$lib/state/people';
import { signed } from './signed';

/** The organisation itself: its look, what it switched on, what it has used, and who changed what. */
export interface Colours {
  background: string;
  text: string;
  primary: string;
}

export interface Tenant {
  slug: string;
  name: string;
  tier: string;
  status: 'active' | 'suspended' | 'deleted';
  /** When all of a deleted one is gone for good. */
  delete_after: string | null;
  branding: Colours & { name: string; own: boolean; logo_url: string | null };
  features: Record<string, boolean>;
  version: number;
}

export interface Used {
  limit: string;
  /** None when there is no limit. */
  max: number | null;
  used: number;
}

export interface AuditLine {
  id: string;
  at: string;
  actor_name: string;
  action: string;
  subject_kind: string;
  subject_id: string;
  details: Record<string, unknown>;
}

export interface Provider {
  name: string;
  issuer: string;
  client_id: string;
  has_secret: boolean;
  new_roles: string[] | null;
  redirect_uri: string;
}

export const tenant = (): Promise<Tenant> => signed('/tenant');
export const rename = (name: string, version: number): Promise<Tenant> => signed('/tenant', { method: 'PATCH', body: { name }, version });
export const remove = (confirm: string): Promise<Tenant> => signed('/tenant/delete', { method: 'POST', body: { confirm } });
export const keep = (): Promise<Tenant> => signed('/tenant/keep', { method: 'POST' });
export const usage = (): Promise<Used[]> => signed('/tenant/usage');
export const provider = (): Promise<Provider | null> => signed('/tenant/sign-in');

export function setBranding(body: Colours & { name: string }, version: number): Promise<Tenant> {
  const { name, ...colours } = body;
  return signed('/tenant/branding', { method: 'PUT', body: { ...colours, ...(name.trim() && { name: name.trim() }) }, version });
}

export const resetBranding = (version: number): Promise<Tenant> => signed('/tenant/branding', { method: 'DELETE', version });

/** A PNG, JPEG or WebP picture. */
export async function setLogo(file: Blob): Promise<Tenant> {
  let letters = '';
  for (const byte of new Uint8Array(await file.arrayBuffer())) letters += String.fromCharCode(byte);
  return signed('/tenant/logo', { method: 'PUT', body: { data: btoa(letters) } });
}

export function setFeature(name: string, on: boolean): Promise<Tenant> {
  return signed('/tenant/features', { method: 'PATCH', body: { features: { [name]: on } } });
}

export function setProvider(body: { name: string; issuer: string; client_id: string; client_secret?: string }): Promise<Provider | null> {
  return signed('/tenant/sign-in', { method: 'PUT', body });
}

export const removeProvider = (): Promise<null> => signed('/tenant/sign-in', { method: 'DELETE' });

/** A page of the audit log, the newest first, and where the next one begins. */
export async function audit(cursor: string | null): Promise<{ lines: AuditLine[]; next: string | null }> {
  const token = (await moderator.token()) ?? undefined;
  const path = `/audit?per_page=50${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
  const { data, meta } = await callWhole<AuditLine[]>(path, { token, tenant: moderator.current?.tenant });
  return { lines: data, next: meta.cursor?.next ?? null };
}
