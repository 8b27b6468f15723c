import type { Connection } from '$lib/state/connection.svelte';
import type { Message } from './model.svelte';

/** The page of a chat's history that is read at once. */
const PAGE = 50;

/** What was said before the messages that the room still tells, read page by page. */
export class History {
  list = $state.raw<Message[]>([]);
  /** Whether there is more to read, as far as is known. */
  more = $state(true);
  busy = $state(false);
  #cursor: string | null = null;

  constructor(
    private readonly connection: Connection,
    private readonly room: string,
  ) {}

  /** Reads until something older than `held` came, or the beginning. Without a network it can be tried again. */
  async load(held: readonly Message[]): Promise<void> {
    const known = new Set(held.map(({ id }) => id));
    const before = this.list.length;
    this.busy = true;
    try {
      do await this.#page();
      while (this.more && this.list.filter(({ id }) => !known.has(id)).length <= before);
    } catch {
      // The button stays: a hall's network comes and goes.
    } finally {
      this.busy = false;
    }
  }

  async #page(): Promise<void> {
    const session = this.room.slice(this.room.indexOf(':') + 1);
    const cursor = this.#cursor === null ? '' : `&cursor=${this.#cursor}`;
    const { data, meta } = await this.connection.read<Message[]>(`/sessions/${session}/messages?per_page=${PAGE}${cursor}`);
    this.#cursor = meta.cursor?.next ?? null;
    this.more = this.#cursor !== null;
    this.list = [...data.toReversed(), ...this.list];
  }
}
