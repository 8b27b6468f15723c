import type { Session, SessionDetails } from './rest';

type Change = Partial<SessionDetails>;

/** Moves of sessions on their way to the hub, one at a time; what is moved again meanwhile is told once, where it ended. */
export class Moves {
  #waiting = new Map<string, Change>();
  #sending = false;

  constructor(
    private readonly send: (id: string, change: Change) => Promise<Session>,
    /** The hub's word on a session that is not being moved any more. */
    private readonly kept: (session: Session) => void,
    /** It did not work: nothing that waited is sent. */
    private readonly failed: (error: unknown) => void,
  ) {}

  async add(id: string, change: Change): Promise<void> {
    this.#waiting.set(id, { ...this.#waiting.get(id), ...change });
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let next = this.#next(); next; next = this.#next()) await this.#tell(...next);
    } catch (error) {
      this.#waiting.clear();
      this.failed(error);
    } finally {
      this.#sending = false;
    }
  }

  #next(): [string, Change] | undefined {
    const [first] = this.#waiting;
    if (first) this.#waiting.delete(first[0]);
    return first;
  }

  async #tell(id: string, change: Change): Promise<void> {
    const session = await this.send(id, change);
    if (!this.#waiting.has(id)) this.kept(session);
  }
}
