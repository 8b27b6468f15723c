import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import ar from './ar.json';
import de from './de.json';
import en from './en.json';
import fr from './fr.json';
import { format, LOCALES, pick } from './i18n.svelte';
import tr from './tr.json';

const texts: Record<string, Record<string, unknown>> = { en, tr, ar, de, fr };
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

    it(`have the same holes in ${locale.name} as in English`, () => {
      for (const [key, entry] of Object.entries(texts[locale.code] ?? {})) {
        const known = forms(en[key as keyof typeof en]).flatMap(holes);
        // A form for one exact number may say the number in a word; the general form has every hole.
        expect(new Set(forms(entry).flatMap(holes)), key).toEqual(new Set(known));
        expect(holes(forms(entry).at(-1) ?? ''), key).toEqual(holes(forms(en[key as keyof typeof en]).at(-1) ?? ''));
      }
    });

    it(`are words of its own in ${locale.name}`, () => {
      if (locale.code === 'en') return;
      const same = Object.entries(texts[locale.code] ?? {}).filter(([key, entry]) => {
        const longest = Math.max(...forms(entry).map((text) => text.length));
        return longest > 20 && JSON.stringify(entry) === JSON.stringify(en[key as keyof typeof en]);
      });
      expect(same).toEqual([]);
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

  const ofKind = (key: string): string => `${key.split('.').slice(0, 2).join('.')}.`;
  const hasWords = (key: string): boolean => Object.keys(en).some((known) => known.startsWith(ofKind(key)));

  // A kind that has no words yet is refused in those of 'refused.other'.
  it('of a kind that has words of its own have one each', () => {
    const worded = codes.filter(hasWords);
    expect(worded.length).toBeGreaterThan(20);
    for (const kind of ['messaging', 'poll', 'qa', 'session']) {
      expect(worded.some((key) => key.startsWith(`refused.${kind}.`))).toBe(true);
    }
    expect(worded.filter((key) => !(key in en))).toEqual([]);
  });
});

describe('choosing a language', () => {
  it('takes the first wished one that there is', () => {
    expect(pick(['nl-NL', 'ar-EG', 'en']).code).toBe('ar');
  });

  it('is English when none fits', () => {
    expect(pick(['nl', 'ja']).code).toBe('en');
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
