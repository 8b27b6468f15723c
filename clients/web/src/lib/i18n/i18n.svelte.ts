import type en from './en.json';

export type Key = keyof typeof en;
export type Params = Record<string, string | number>;
type Entry = string | Partial<Record<Intl.LDMLPluralRule, string>>;
type Texts = Record<string, Entry>;

export interface Locale {
  code: string;
  name: string;
  dir: 'ltr' | 'rtl';
}

/** The languages of the interface; each name is written in its own language. */
export const LOCALES: readonly Locale[] = [
  { code: 'en', name: 'English', dir: 'ltr' },
  { code: 'tr', name: 'Türkçe', dir: 'ltr' },
  { code: 'ar', name: 'العربية', dir: 'rtl' },
  { code: 'de', name: 'Deutsch', dir: 'ltr' },
  { code: 'fr', name: 'Français', dir: 'ltr' },
];

const LOADERS: Record<string, () => Promise<{ default: Texts }>> = {
  en: () => import('./en.json'),
  tr: () => import('./tr.json'),
  ar: () => import('./ar.json'),
  de: () => import('./de.json'),
  fr: () => import('./fr.json'),
};

const STORED = 'plenum.locale';

/** The texts of the chosen language. Only that language is ever fetched. */
class I18n {
  #texts = $state.raw<Texts>({});
  #locale = $state.raw<Locale>(LOCALES[0] as Locale);

  get code(): string {
    return this.#locale.code;
  }

  get dir(): 'ltr' | 'rtl' {
    return this.#locale.dir;
  }

  /** Chooses the stored language, else the first one of the browser that we have. */
  async start(): Promise<void> {
    const wished = [localStorage.getItem(STORED) ?? '', ...navigator.languages];
    await this.#load(pick(wished));
  }

  async choose(code: string): Promise<void> {
    localStorage.setItem(STORED, code);
    await this.#load(pick([code]));
  }

  async #load(locale: Locale): Promise<void> {
    const texts = await LOADERS[locale.code]?.();
    this.#texts = texts?.default ?? {};
    this.#locale = locale;
    document.documentElement.lang = locale.code;
    document.documentElement.dir = locale.dir;
  }

  /** The text of `key`; a plural entry is chosen by `params.n`. */
  t(key: Key, params: Params = {}): string {
    return format(this.#texts[key] ?? key, params, this.#locale.code);
  }

  /** The text of a refusal's code, or of the nearest general one. */
  refusal(code: string): string {
    return this.t(`refused.${code}` in this.#texts ? (`refused.${code}` as Key) : 'refused.other', { code });
  }

  number(value: number, options: Intl.NumberFormatOptions = {}): string {
    return new Intl.NumberFormat(this.#locale.code, options).format(value);
  }

  percent(share: number): string {
    return this.number(share, { style: 'percent', maximumFractionDigits: 0 });
  }

  time(at_ms: number): string {
    return new Intl.DateTimeFormat(this.#locale.code, { timeStyle: 'short' }).format(at_ms);
  }

  /** A moment such as `2026-11-22T09:00:00Z`, with its day. */
  moment(at: string): string {
    return new Intl.DateTimeFormat(this.#locale.code, { dateStyle: 'medium', timeStyle: 'short' }).format(Date.parse(at));
  }

  /** A day such as `2026-11-22`, with its weekday. */
  day(day: string): string {
    return this.#days({ weekday: 'short', day: 'numeric', month: 'short' }).format(Date.parse(day));
  }

  /** What a language is called, by its code. */
  language(code: string): string {
    return new Intl.DisplayNames(this.#locale.code, { type: 'language' }).of(code) ?? code;
  }

  /** From one day to another, or one day alone. */
  days(first: string, last: string): string {
    return this.#days({ day: 'numeric', month: 'long', year: 'numeric' }).formatRange(Date.parse(first), Date.parse(last));
  }

  /** A day is one all over the world: it is written as midnight in UTC, and read as such. */
  #days(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(this.#locale.code, { ...options, timeZone: 'UTC' });
  }
}

/** The best of our locales for a list of wished language tags, in their order. */
export function pick(wished: readonly string[]): Locale {
  for (const tag of wished) {
    const found = LOCALES.find((locale) => locale.code === tag.toLowerCase().split('-')[0]);
    if (found) return found;
  }
  return LOCALES[0] as Locale;
}

/** Someone's own words inside a sentence of ours: isolated, so that neither turns the other's direction. */
export function words(text: string): string {
  return `\u2068${text}\u2069`;
}

/** Fills `{name}` holes; numbers are written the locale's way. */
export function format(entry: Entry, params: Params, locale: string): string {
  const text = typeof entry === 'string' ? entry : plural(entry, Number(params['n'] ?? 0), locale);
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = params[name];
    if (value === undefined) return hole;
    return typeof value === 'number' ? new Intl.NumberFormat(locale).format(value) : value;
  });
}

function plural(forms: Exclude<Entry, string>, n: number, locale: string): string {
  return forms[new Intl.PluralRules(locale).select(n)] ?? forms.other ?? '';
}

export const i18n = new I18n();
/** Short for `i18n.t`: reactive wherever it is read inside a component. */
export const t = (key: Key, params?: Params): string => i18n.t(key, params);
