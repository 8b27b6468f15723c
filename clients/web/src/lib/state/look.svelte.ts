import { fitted, mixed, readableOn } from '$lib/design/contrast';
import { call } from './api';

interface LookOut {
  branding: { name: string; own: boolean; primary: string; logo_url: string | null };
  features: Record<string, boolean>;
}

/** The grounds of tokens.css on which the accent is read, and what bars are mixed into. */
const THEMES = [
  { selector: ':root', sunken: '#edeae1', surface: '#ffffff' },
  { selector: "[data-theme='dark']", sunken: '#1c2623', surface: '#141c19' },
];

/** How the organisation looks, and what it has switched on. Until it is known, as Plenum itself. */
class Look {
  name = $state('');
  logo = $state<string | null>(null);
  #features = $state.raw<Record<string, boolean>>({});
  #sheet: CSSStyleSheet | undefined;

  has(feature: string): boolean {
    return this.#features[feature] ?? true;
  }

  /** Without a network it stays as it is. */
  async load(token: string | null, tenant: string | undefined): Promise<void> {
    const found = await call<LookOut>('/look', { token: token ?? undefined, tenant }).catch(() => null);
    if (found === null) return;
    const { branding, features } = found;
    this.name = branding.own ? branding.name : '';
    this.logo = branding.logo_url;
    this.#features = features;
    this.#wear(branding.own ? branding.primary : null);
  }

  #wear(primary: string | null): void {
    if (this.#sheet === undefined) {
      this.#sheet = new CSSStyleSheet();
      document.adoptedStyleSheets.push(this.#sheet);
    }
    this.#sheet.replaceSync(primary === null ? '' : THEMES.map((theme) => rules(primary, theme)).join('\n'));
  }
}

/** The organisation's colour in the places of the accent: darker or lighter where it could not be read. */
export function rules(primary: string, { selector, sunken, surface }: (typeof THEMES)[number]): string {
  const accent = fitted(primary, sunken);
  const soft = mixed(surface, accent, 0.15);
  const values = {
    accent,
    'accent-press': mixed(accent, readableOn(surface), 0.2),
    'on-accent': readableOn(accent),
    'accent-soft': soft,
    'on-accent-soft': fitted(accent, soft, 7),
    'bar-fill': mixed(surface, accent, 0.25),
    'bar-lead': mixed(surface, accent, 0.35),
    focus: accent,
  };
  const lines = Object.entries(values).map(([name, value]) => `--${name}:${value}`);
  return `${selector}{${lines.join(';')}}`;
}

export const look = new Look();
