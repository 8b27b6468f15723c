/** An action that has no answer yet. */
export interface OutboxEntry {
  /** The action's own id: sent again with it, it counts once. */
  key: string;
  room: string;
  op: string;
  data: object;
  /** When the person did it, in milliseconds since 1970 by this machine's clock. */
  at_ms: number;
}

/** Where unanswered actions are kept, so that a reload loses none. One place belongs to one participant. */
export interface Outbox {
  /** All entries, oldest first. */
  all(): Promise<OutboxEntry[]>;
  put(entry: OutboxEntry): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Kept until the page goes. */
export class MemoryOutbox implements Outbox {
  private readonly entries = new Map<string, OutboxEntry>();

  async all(): Promise<OutboxEntry[]> {
    return [...this.entries.values()];
  }

  async put(entry: OutboxEntry): Promise<void> {
    this.entries.set(entry.key, entry);
  }

  async delete(key: string): Promise<void> {
    this.entries.delete(key);
  }
}
