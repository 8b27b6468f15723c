import type { Push } from '$lib/rooms/push';

/** What the faces need of a connection to the hub; the SDK's client fulfils it. */
export interface Link {
  /** Starts, and goes on trying until `close`. */
  open(): void;
  close(): void;
  /** Holds a room open across reconnects. The result leaves it. */
  join(room: string, sink: Sink): () => void;
  /** A durable action: sent again with its key until the hub answers. Rejects with a `Refusal`. */
  command(op: string, room: string, data: unknown, key: string): Promise<CommandAnswer>;
  /** Fire and forget; lost without a connection. */
  ephemeral(op: string, room: string, data: unknown): void;
  /** The hub's clock, in milliseconds since 1970. */
  now(): number;
}

export interface CommandAnswer {
  seq?: number;
  room?: string;
}

export interface Sink {
  state(state: unknown): void;
  push(push: Push): void;
  refused(code: string): void;
}

export type LinkStatus = 'connecting' | 'online' | 'offline' | 'refused';

export interface Hello {
  participant: string;
  conference?: string | null;
  roles: string[];
}

/** The hub's no to a command or a join. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
