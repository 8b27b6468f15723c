import { newKey } from './key';

/** The REST side of the hub. Every answer comes in one envelope; a refusal becomes an `ApiError`. */
const BASE = '/api/v1';

/** What a list says beside its lines. */
export interface Meta {
  pagination?: { current_page: number; per_page: number; total: number; last_page: number };
  cursor?: { next: string | null };
}

/** An answer with what is said beside it. */
export interface Whole<T> {
  data: T;
  meta: Meta;
}

interface Envelope<T> {
  success: boolean;
  data?: T;
  meta?: Meta;
  error?: { code: string; message: string; details?: Record<string, string[]> };
}

/** The hub said no; `code` is stable. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** What it is about; which fields are wrong. */
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  token?: string | undefined;
  tenant?: string | undefined;
  /** What is changed was read in this version: refused when somebody changed it since. */
  version?: number | undefined;
}

/** One REST call. Throws `ApiError` for a refusal and `TypeError` when there is no network, as `fetch` does. */
export async function call<T>(path: string, what: Call = {}): Promise<T> {
  return (await callWhole<T>(path, what)).data;
}

/** As `call`, with the answer's meta: the pages of a list, the cursor of a stream. */
export async function callWhole<T>(path: string, what: Call = {}): Promise<Whole<T>> {
  const { method = 'GET', body, token, tenant, version } = what;
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method === 'POST') headers['Idempotency-Key'] = newKey();
  // Letters are written in the language that the page is in, not in that of the browser.
  if (document.documentElement.lang) headers['Accept-Language'] = document.documentElement.lang;
  if (token) headers['Authorization'] = `Bearer ${token}`;
  if (version !== undefined) headers['If-Match'] = `"${version}"`;
  if (tenant) headers['X-Tenant-ID'] = tenant;
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = JSON.stringify(body);
  return open<T>(await fetch(BASE + path, init));
}

async function open<T>(response: Response): Promise<Whole<T>> {
  const envelope = (await response.json().catch(() => null)) as Envelope<T> | null;
  if (envelope?.success && envelope.data !== undefined) return { data: envelope.data, meta: envelope.meta ?? {} };
  const error = envelope?.error;
  throw new ApiError(response.status, error?.code ?? `HTTP_${response.status}`, error?.message ?? response.statusText, error?.details ?? {});
}
