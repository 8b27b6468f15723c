import { Refusal } from './refusal.ts';
import { uuid7 } from './uuid.ts';

/** What `POST /auth/join` gives: all that an attendee needs. */
export interface JoinedByCode extends Tokens {
  participant: { id: string; name: string };
  conference: { id: string; title: string };
  sessions: Array<{ id: string; title: string; status: string; rooms: SessionRooms }>;
}

export interface SessionRooms {
  session: string;
  qa: string;
  messaging: string;
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  /** Seconds that the access token lives. */
  expires_in: number;
}

export interface RestOptions {
  /** `https://host` of the hub. */
  url: string;
  /** The tenant, when the host does not name it. */
  tenant?: string;
  token?: string;
  fetch?: typeof fetch;
}

/** In by the code on the slide. */
export function joinByCode(
  options: RestOptions,
  body: { code: string; display_name?: string; email?: string },
): Promise<JoinedByCode> {
  return post(options, '/auth/join', body);
}

/** In by password. */
export function login(
  options: RestOptions,
  body: { email: string; password: string; otp?: string },
): Promise<Tokens> {
  return post(options, '/auth/login', body);
}

/** New tokens for a refresh token, which is used up by it. */
export function refresh(options: RestOptions, refreshToken: string): Promise<Tokens> {
  return post(options, '/auth/refresh', { refresh_token: refreshToken });
}

/** Any POST, with the envelope opened. Rejects with a `Refusal`. */
export function post<T>(options: RestOptions, path: string, body: object, key?: string): Promise<T> {
  return rest(options, 'POST', path, body, key);
}

/** Any GET, with the envelope opened. Rejects with a `Refusal`. */
export function get<T>(options: RestOptions, path: string): Promise<T> {
  return rest(options, 'GET', path);
}

/** `crypto.randomUUID` is missing on plain http, where many a hub in a hall is reached. */
function newKey(): string {
  return uuid7(Date.now(), globalThis.crypto.getRandomValues(new Uint8Array(16)));
}

interface Envelope<T> {
  success: boolean;
  data?: T;
  error?: { code: string; message: string; details?: Record<string, unknown> };
}

async function rest<T>(options: RestOptions, method: string, path: string, body?: object, key?: string): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body) headers['content-type'] = 'application/json';
  if (options.tenant) headers['x-tenant-id'] = options.tenant;
  if (options.token) headers['authorization'] = `Bearer ${options.token}`;
  if (method === 'POST') headers['idempotency-key'] = key ?? newKey();
  const send = options.fetch ?? globalThis.fetch;
  const response = await send(new URL(`/api/v1${path}`, options.url), {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  return opened<T>(response);
}

async function opened<T>(response: Response): Promise<T> {
  const envelope = (await response.json().catch(() => undefined)) as Envelope<T> | undefined;
  if (response.ok && envelope?.success) return envelope.data as T;
  const retryAfterS = Number(response.headers.get('retry-after'));
  throw new Refusal({
    code: envelope?.error?.code ?? `HTTP_${response.status}`,
    message: envelope?.error?.message ?? response.statusText,
    retry_ms: retryAfterS > 0 ? retryAfterS * 1000 : null,
    details: envelope?.error?.details ?? {},
  });
}
