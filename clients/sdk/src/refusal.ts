import type { RefusalBody } from './wire.ts';

/** A command or join that was refused; `code` is stable, `message` is for people who write clients. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  /** When it is worth trying again, in milliseconds; null for never. */
  readonly retryMs: number | null;
  readonly details: Record<string, unknown>;

  constructor(body: Pick<RefusalBody, 'code' | 'message'> & Partial<RefusalBody>) {
    super(body.message);
    this.code = body.code;
    this.retryMs = body.retry_ms ?? null;
    this.details = body.details ?? {};
  }
}

/** Thrown by a token callback when there is no token to be had any more: the client stops instead of trying again. */
export class SignedOut extends Error {
  override readonly name = 'SignedOut';
}
