import { expect, it } from 'vitest';
import type { Consent, FormField } from './form';
import { lacking, reworded, textsOf, tidied, write } from './languages';

const meal = (): FormField => ({
  id: 'meal',
  label: 'Meal',
  help: 'For the kitchen',
  kind: 'choice',
  required: false,
  options: ['meat', 'none'],
  texts: { ar: { label: ' الطعام ', help: '', options: { meat: 'لحم', fish: 'سمك' } }, fr: { label: 'Repas', help: '', options: {} } },
});
const rules: Consent = { id: 'rules', label: 'Rules', required: true, texts: { ar: { label: 'القواعد' } } };

it('keeps only what is said in the languages that there are', () => {
  const kept = tidied(meal(), ['en', 'ar']);
  expect(kept.texts).toEqual({ ar: { label: 'الطعام', help: '', options: { meat: 'لحم' } } });
  expect(tidied(rules, ['en', 'ar']).texts).toEqual({ ar: { label: 'القواعد' } });
  expect(tidied(rules, ['en']).texts).toEqual({});
});

it('an option that is reworded keeps what it is called elsewhere', () => {
  const { options, texts } = reworded(meal(), ['beef', 'none']);
  expect(options).toEqual(['beef', 'none']);
  expect(texts['ar']?.options['beef']).toBe('لحم');
  expect(reworded(meal(), ['meat', 'none', 'more']).texts).toEqual(meal().texts);
});

it('counts what a language lacks', () => {
  expect(lacking([meal()], [rules], 'ar')).toBe(2);
  expect(lacking([meal()], [rules], 'fr')).toBe(4);
});

it('a language that says nothing yet can be written into', () => {
  const field = meal();
  write(field, 'de', { label: 'Essen' });
  expect(textsOf(field, 'de')).toEqual({ label: 'Essen', help: '', options: {} });
});
