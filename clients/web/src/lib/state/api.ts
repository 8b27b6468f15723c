import { newKey } from './key';

/** The REST side of the hub. Every answer comes in one envelope; a refusal becomes an `ApiError`. */
const BASE = '/api/v1';

interface Envelope<T> {
  success: boolean;
  data?: T;
  error?: { code: string; message: string; details?: Record<string, string[]> };
}

/** The hub said no; `code` is stable. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Call {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  token?: string | undefined;
  tenant?: string | undefined;
}

/** One REST call. Throws `ApiError` for a refusal and `TypeError` when there is no network, as `fetch` does. */
export async function call<T>(path: string, { method = 'GET', body, token, tenant }: Call = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method === 'POST') headers['Idempotency-Key'] = newKey();
  if (token) headers['Authorization'] = `Bearer ${token}`;
  if (tenant) headers['X-Tenant-ID'] = tenant;
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = JSON.stringify(body);
  return open<T>(await fetch(BASE + path, init));
}

async function open<T>(response: Response): Promise<T> {
  const envelope = (await response.json().catch(() => null)) as Envelope<T> | null;
  if (envelope?.success && envelope.data !== undefined) return envelope.data;
  const error = envelope?.error;
  throw new ApiError(response.status, error?.code ?? `HTTP_${response.status}`, error?.message ?? response.statusText);
}
