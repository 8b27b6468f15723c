import { Attempt } from './attempt.svelte';
import { badgesOf, parts, undrawable, type Undrawable } from './badges';

/** Badges that are being made, and why they are not. */
export class Printing {
  readonly asking = new Attempt();
  /** Whose names cannot be drawn: they have to be left out, or the hub needs a font. */
  cannot = $state.raw<Undrawable | null>(null);

  /** The badges of these people, in as many files as needed. */
  async of(conference: string, ids: Iterable<string>, leaves_out = false): Promise<void> {
    this.cannot = null;
    const files = parts(ids);
    await this.asking.run(async () => {
      for (const [at, part] of files.entries()) {
        const name = files.length === 1 ? 'badges.pdf' : `badges-${at + 1}.pdf`;
        await badgesOf(conference, part, name, leaves_out).catch((error: unknown) => this.#object(error));
      }
    });
  }

  #object(error: unknown): void {
    const found = undrawable(error);
    if (found === null) throw error;
    this.cannot = { names: [...(this.cannot?.names ?? []), ...found.names], letters: found.letters };
  }
}
