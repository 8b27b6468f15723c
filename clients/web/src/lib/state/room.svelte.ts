import type { Push, Reduce } from '$lib/rooms/push';

/** A joined room: what the hub last said of it, reduced push by push. */
export class LiveRoom<S> {
  state = $state.raw<S | null>(null);
  /** The code of a refused join. */
  refused = $state<string | null>(null);
  #reduce: Reduce<S>;
  #listeners = new Set<(push: Push) => void>();
  /** Called with each new state, so that it can be kept for a start without a network. */
  onstate: (state: S) => void = () => undefined;

  constructor(
    readonly id: string,
    reduce: Reduce<S>,
  ) {
    this.#reduce = reduce;
  }

  replace(state: unknown): void {
    this.refused = null;
    this.#set(state as S);
  }

  push(push: Push): void {
    if (this.state !== null) this.#set(this.#reduce(this.state, push));
    for (const listener of this.#listeners) listener(push);
  }

  /** Sets a guess that the hub's next word overwrites: the page answers the thumb at once. */
  guess(change: (state: S) => S): void {
    if (this.state !== null) this.state = change(this.state);
  }

  /** For what is seen once and not kept, such as a burst of reactions. */
  listen(listener: (push: Push) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(state: S): void {
    if (state === this.state) return;
    this.state = state;
    this.onstate(state);
  }
}
