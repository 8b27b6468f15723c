import { describe, expect, it } from 'vitest';
import { blank, bodyOf, faultsFrom, faultsOf, idFor, inWords, type FieldKind } from './form';

const field = (id: string, kind: FieldKind, required = false) => ({ id, label: id, help: '', kind, required, options: ['a', 'b'] });
const FIELDS = [field('meal', 'choice', true), field('days', 'choices'), field('age', 'number'), field('lift', 'yes_no')];
const CONSENTS = [
  { id: 'rules', label: 'Rules', required: true },
  { id: 'news', label: 'News', required: false },
];

describe('a form that is filled in', () => {
  it('says what is missing and what is wrong', () => {
    const draft = { ...blank(FIELDS), email: 'nobody' };
    draft.answers['age'] = '4.5';
    expect(faultsOf(draft, FIELDS, CONSENTS)).toEqual({
      name: 'register.missing',
      email: 'register.wrong.email',
      'answers.meal': 'register.missing',
      'answers.age': 'register.wrong.number',
      'consents.rules': 'register.wrong.consent',
    });
  });

  it('sends what was answered, as JSON has it', () => {
    const answers = { meal: 'a', days: ['b'], age: ' 40 ', lift: true };
    const draft = { name: ' Noor ', email: 'noor@x.org ', answers, consents: ['rules'] };
    expect(faultsOf(draft, FIELDS, CONSENTS)).toEqual({});
    const sent = { meal: 'a', days: ['b'], age: 40, lift: true };
    expect(bodyOf(draft, FIELDS)).toEqual({ name: 'Noor', email: 'noor@x.org', answers: sent, consents: ['rules'] });
    expect(bodyOf(blank(FIELDS), FIELDS).answers).toEqual({ lift: false });
  });

  it('shows what the hub objects to where it belongs', () => {
    expect(faultsFrom({ 'answers.meal': ['is one of: a, b'], email: ['x'] })).toEqual({
      'answers.meal': 'register.wrong',
      email: 'register.wrong.email',
    });
  });
});

it('answers are read by people', () => {
  expect(inWords(['a', 'b'], 'yes', 'no')).toBe('a, b');
  expect(inWords(false, 'yes', 'no')).toBe('no');
  expect(inWords(4, 'yes', 'no')).toBe('4');
  expect(inWords(undefined, 'yes', 'no')).toBe('');
});

it('a label in any script gets an id of its own', () => {
  expect(idFor('Où mangez-vous ?', [], 'field')).toBe('ou_mangez_vous');
  expect(idFor('Meal', ['meal', 'meal_2'], 'field')).toBe('meal_3');
  expect(idFor('ما اسمك؟', ['field'], 'field')).toBe('field_2');
});
