import { describe, expect, it } from 'vitest';
import type { Settings } from './model.svelte';
import { again, body, fresh, ready, recipeOf } from './recipe';

const titled = { ...fresh(), title: ' Which? ' };

describe('a new poll', () => {
  it('needs a question and two options where it has options', () => {
    expect(ready(titled)).toBe(false);
    expect(ready({ ...titled, labels: ['A', ' ', 'B'] })).toBe(true);
    expect(ready({ ...titled, kind: 'open' })).toBe(true);
    expect(ready({ ...fresh(), kind: 'open' })).toBe(false);
  });

  it('sends only what its kind has', () => {
    expect(body({ ...titled, kind: 'wordcloud', banned: 'foo, ,bar' })).toEqual({
      title: 'Which?',
      kind: 'wordcloud',
      anonymous: true,
      results: 'always',
      change_vote: true,
      moderated: false,
      max_words: 3,
      banned: ['foo', 'bar'],
    });
    expect(body({ ...titled, labels: ['A', '', ' B '] })).toMatchObject({ options: [{ label: 'A' }, { label: 'B' }] });
    expect(body({ ...titled, kind: 'rating', top: '7' })).toMatchObject({ min: 1, max: 7 });
    expect(body({ ...titled, kind: 'points', budget: '' })).toMatchObject({ budget: 100 });
    expect(body({ ...titled, kind: 'numeric', top: '' })).not.toHaveProperty('max');
    expect(body({ ...titled, kind: 'ranking', max: 2 })).toMatchObject({ max_choices: 2 });
  });

  it('names the ends of a rating only when both have a name', () => {
    expect(body({ ...titled, kind: 'rating', low: 'Poor', high: 'Great' })).toMatchObject({ labels: ['Poor', 'Great'] });
    expect(body({ ...titled, kind: 'rating', low: 'Poor' })).not.toHaveProperty('labels');
  });
});

describe('a draft that is changed', () => {
  const settings: Settings = {
    title: 'How was it?',
    kind: 'rating',
    min: 0,
    max: 10,
    labels: ['Poor', 'Great'],
    anonymous: false,
    results: 'after_vote',
    change_vote: false,
    moderated: false,
  };

  it('comes back as it was made', () => {
    const { title, kind, min, max, labels, anonymous, results, change_vote } = settings;
    expect(body(recipeOf(settings))).toEqual({ title, kind, min, max, labels, anonymous, results, change_vote });
  });

  it('keeps what it asks once it has been open', () => {
    const recipe = { ...recipeOf(settings), title: 'And today?', top: 3, results: 'always' as const };
    expect(again(recipe, settings)).toEqual({ ...settings, title: 'And today?', results: 'always' });
  });
});
