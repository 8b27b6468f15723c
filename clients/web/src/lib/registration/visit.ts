import { call } from '$lib/state/api';
import type { Agreed, Asked } from './form';

/** A form, for those who fill it in. */
export interface OpenForm {
  title: string;
  tenant_id: string;
  open: boolean;
  opens_at: string | null;
  closes_at: string | null;
  /** Someone has to approve each. */
  approval: boolean;
  /** Who registers now waits for a place. */
  full: boolean;
  /** Who registers is written to by mail. */
  letters: boolean;
  fields: Asked[];
  consents: Agreed[];
}

export type Status = 'pending' | 'confirmed' | 'waiting' | 'cancelled' | 'rejected';

/** How a registration stands. */
export interface Registered {
  participant_id: string;
  name: string;
  status: Status;
  /** Shows how it stands, and calls it off. */
  receipt: string;
  ticket: string | null;
}

/** What this device keeps of a registration: its ticket is shown without a network too. */
export interface Kept extends Registered {
  title: string;
}

const STORED = 'plenum.registrations';

/** The form as who reads `language` reads it. */
export function openForm(code: string, language: string): Promise<OpenForm> {
  return call(`/registration?${new URLSearchParams({ code, language })}`);
}
export const register = (code: string, body: object): Promise<Registered> => call('/registration', { method: 'POST', body: { code, ...body } });
export const standing = (receipt: string): Promise<Registered> => call('/registration/status', { method: 'POST', body: { receipt } });
export const cancel = (receipt: string): Promise<Registered> => call('/registration/cancel', { method: 'POST', body: { receipt } });

function all(): Record<string, Kept> {
  return JSON.parse(localStorage.getItem(STORED) ?? '{}') as Record<string, Kept>;
}

export const kept = (code: string): Kept | null => all()[code] ?? null;

export function keep(code: string, registered: Kept): void {
  localStorage.setItem(STORED, JSON.stringify({ ...all(), [code]: registered }));
}

/** The device shows the form again; the registration itself stays as it is. */
export function forget(code: string): void {
  const { [code]: _, ...others } = all();
  localStorage.setItem(STORED, JSON.stringify(others));
}
