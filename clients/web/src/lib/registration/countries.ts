import { call } from '$lib/state/api';

export interface Country {
  /** ISO's two letters. */
  code: string;
  name: string;
}

/** The countries in a language, by their names as that language sorts them. */
export async function countriesIn(language: string): Promise<Country[]> {
  const found = await call<Country[]>(`/countries?language=${language}`);
  const { compare } = new Intl.Collator(language);
  return found.sort((one, other) => compare(one.name, other.name));
}
