import { browser } from '$app/environment';
import { ApiError, call } from './api';

export interface Tokens {
  access_token: string;
  refresh_token: string;
  /** Seconds. */
  expires_in: number;
}

/** Who this device is for one of the faces. */
export interface Held {
  access_token: string;
  refresh_token: string;
  /** By this device's clock. */
  ends_ms: number;
  tenant?: string | undefined;
}

/** Renew this long before the end, so that a slow hall network still makes it. */
const EARLY_MS = 60_000;

/** One face's tokens, kept on the device and renewed in time. `T` is what the face keeps beside them. */
export class Identity<T extends object> {
  current = $state.raw<(Held & T) | null>(null);
  #stored: string;

  constructor(face: string) {
    this.#stored = `plenum.${face}`;
    this.current = browser ? this.#read() : null;
  }

  keep(tokens: Tokens, more: T, tenant?: string): void {
    this.#write({ ...more, ...lasting(tokens), tenant });
  }

  /** Changes what the face keeps beside the tokens. */
  change(more: Partial<T>): void {
    if (this.current !== null) this.#write({ ...this.current, ...more });
  }

  forget(): void {
    localStorage.removeItem(this.#stored);
    this.current = null;
  }

  /** An access token that is still good, or a new one; null when this device has to sign in again. */
  async token(renew = false): Promise<string | null> {
    const held = this.current?.access_token ?? null;
    if (this.#fresh() && !renew) return held;
    return locked(`${this.#stored}.refresh`, () => this.#refresh(held));
  }

  #fresh(): boolean {
    return this.current !== null && this.current.ends_ms - Date.now() > EARLY_MS;
  }

  /** Another tab may have renewed meanwhile; an old refresh token used twice would sign everyone out. */
  async #refresh(stale: string | null): Promise<string | null> {
    this.current = this.#read();
    if (this.current === null) return null;
    if (this.#fresh() && this.current.access_token !== stale) return this.current.access_token;
    const { refresh_token, tenant } = this.current;
    try {
      const tokens = await call<Tokens>('/auth/refresh', { method: 'POST', body: { refresh_token }, tenant });
      this.#write({ ...this.current, ...lasting(tokens) });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status >= 500 || error.status === 429) throw error;
      this.forget();
    }
    return this.current?.access_token ?? null;
  }

  #read(): (Held & T) | null {
    const text = localStorage.getItem(this.#stored);
    return text === null ? null : (JSON.parse(text) as Held & T);
  }

  #write(held: Held & T): void {
    localStorage.setItem(this.#stored, JSON.stringify(held));
    this.current = held;
  }
}

function lasting(tokens: Tokens): Pick<Held, 'access_token' | 'refresh_token' | 'ends_ms'> {
  const { access_token, refresh_token, expires_in } = tokens;
  return { access_token, refresh_token, ends_ms: Date.now() + expires_in * 1000 };
}

/** One tab at a time. Plain http has no locks: there each tab is on its own. */
function locked<R>(name: string, work: () => Promise<R>): Promise<R> {
  return navigator.locks ? (navigator.locks.request(name, work) as Promise<R>) : work();
}
