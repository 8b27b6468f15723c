import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import ar from './ar.json';
import en from './en.json';
import { format, LOCALES, pick } from './i18n.svelte';

const texts: Record<string, Record<string, unknown>> = { en, ar };
const forms = (entry: unknown): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry as object));
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1] ?? '').sort();

describe('the texts', () => {
  for (const locale of LOCALES) {
    it(`are whole in ${locale.name}`, () => {
      expect(Object.keys(texts[locale.code] ?? {}).sort()).toEqual(Object.keys(en).sort());
    });

    it(`have every plural form of ${locale.name}`, () => {
      const wanted = new Intl.PluralRules(locale.code).resolvedOptions().pluralCategories;
      for (const [key, entry] of Object.entries(texts[locale.code] ?? {})) {
        if (typeof entry === 'string') continue;
        expect(Object.keys(entry as object).sort(), key).toEqual([...wanted].sort());
      }
    });

    it(`name no hole in ${locale.name} that English does not fill`, () => {
      for (const [key, entry] of Object.entries(texts[locale.code] ?? {})) {
        const known = new Set(forms(en[key as keyof typeof en]).flatMap(holes));
        for (const text of forms(entry)) for (const hole of holes(text)) expect(known, key).toContain(hole);
      }
    });
  }
});

describe('the interface', () => {
  const folder = new URL('../../', import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.svelte') || (name.endsWith('.ts') && !name.endsWith('.test.ts')))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');

  it('uses every text', () => {
    const built = [...sources.matchAll(/`([a-z.]+)\.\$\{/g)].map((found) => `${found[1] ?? ''}.`);
    const isBuilt = (key: string): boolean => built.some((start) => key.startsWith(start));
    const unused = Object.keys(en).filter((key) => !sources.includes(`'${key}'`) && !isBuilt(key));
    expect(unused).toEqual([]);
  });
});

describe('refusals', () => {
  const kinds = new URL('../../../../../rooms/src/kinds/', import.meta.url);
  const codes = readdirSync(kinds, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.rs'))
    .map((name) => readFileSync(new URL(name, kinds), 'utf8'))
    .flatMap((source) => [...source.matchAll(/CODES: &'static \[&'static str\] =\s*&\[([^\]]*)\]/g)])
    .flatMap(([, list = '']) => [...list.matchAll(/"([^"]+)"/g)].map(([, code]) => `refused.${code ?? ''}`));

  it('of every room have a text', () => {
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((key) => !(key in en))).toEqual([]);
  });
});

describe('choosing a language', () => {
  it('takes the first wished one that there is', () => {
    expect(pick(['fr-FR', 'ar-EG', 'en']).code).toBe('ar');
  });

  it('is English when none fits', () => {
    expect(pick(['fr', 'de']).code).toBe('en');
  });
});

describe('filling a text', () => {
  it('chooses the plural form of the number', () => {
    const entry = { one: '{n} vote', other: '{n} votes' };
    expect(format(entry, { n: 1 }, 'en')).toBe('1 vote');
    expect(format(entry, { n: 2000 }, 'en')).toBe('2,000 votes');
  });

  it('leaves a hole that nobody fills', () => {
    expect(format('{who}?', {}, 'en')).toBe('{who}?');
  });
});
