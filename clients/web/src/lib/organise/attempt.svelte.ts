import { untrack } from 'svelte';
import { i18n, t } from '$lib/i18n/i18n.svelte';
import { ApiError } from '$lib/state/api';

/** Something that is asked of the hub: whether it is under way, and in words why it did not work. */
export class Attempt {
  busy = $state(false);
  fault = $state('');
  #turn = 0;

  /** Does it; false when it did not work. One at a time. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (untrack(() => this.busy)) return false;
    this.busy = true;
    this.fault = '';
    try {
      await work();
      return true;
    } catch (error) {
      this.fault = why(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Reads what the page's address names, and again when it names something else; until it is there, `take` gets null. */
  follow<Name, T>(named: () => Name, read: (name: Name) => Promise<T>, take: (found: T | null) => void): void {
    $effect(() => {
      const name = named();
      take(null);
      void this.read(() => read(name), take);
    });
  }

  /** Reads something; what was asked for last wins, whatever comes when. */
  async read<T>(ask: () => Promise<T>, take: (found: T) => void): Promise<void> {
    const turn = ++this.#turn;
    this.busy = true;
    this.fault = '';
    try {
      const found = await ask();
      if (turn === this.#turn) take(found);
    } catch (error) {
      if (turn === this.#turn) this.fault = why(error);
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}

function why(error: unknown): string {
  return error instanceof ApiError ? i18n.refusal(error.code) : t('net.offline.join');
}
