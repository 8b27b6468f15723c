export type Theme = 'auto' | 'light' | 'dark';

const STORED = 'plenum.theme';

/** The colour scheme: the device's own unless the person chose one. */
class ThemeChoice {
  choice = $state<Theme>('auto');
  #dark: MediaQueryList | undefined;

  start(): void {
    const stored = localStorage.getItem(STORED);
    if (stored === 'light' || stored === 'dark') this.choice = stored;
    this.#dark = matchMedia('(prefers-color-scheme: dark)');
    this.#dark.addEventListener('change', () => this.#apply());
    this.#apply();
  }

  choose(choice: Theme): void {
    this.choice = choice;
    if (choice === 'auto') localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, choice);
    this.#apply();
  }

  #apply(): void {
    const dark = this.choice === 'auto' ? this.#dark?.matches : this.choice === 'dark';
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  }
}

export const theme = new ThemeChoice();
