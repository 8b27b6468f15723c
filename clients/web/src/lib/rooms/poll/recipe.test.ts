import { describe, expect, it } from 'vitest';
import { body, fresh, ready } from './recipe';

const titled = { ...fresh(), title: ' Which? ' };

describe('a new poll', () => {
  it('needs a question and two options where it has options', () => {
    expect(ready(titled)).toBe(false);
    expect(ready({ ...titled, labels: ['A', ' ', 'B'] })).toBe(true);
    expect(ready({ ...titled, kind: 'open' })).toBe(true);
    expect(ready({ ...fresh(), kind: 'open' })).toBe(false);
  });

  it('sends only what its kind has', () => {
    expect(body({ ...titled, kind: 'wordcloud' })).toEqual({
      title: 'Which?',
      kind: 'wordcloud',
      anonymous: true,
      results: 'always',
      change_vote: true,
      moderated: false,
    });
    expect(body({ ...titled, labels: ['A', '', ' B '] })).toMatchObject({ options: [{ label: 'A' }, { label: 'B' }] });
    expect(body({ ...titled, kind: 'rating', top: '7' })).toMatchObject({ min: 1, max: 7 });
    expect(body({ ...titled, kind: 'points', budget: '' })).toMatchObject({ budget: 100 });
    expect(body({ ...titled, kind: 'numeric', top: '' })).not.toHaveProperty('max');
    expect(body({ ...titled, kind: 'multiple', max: 2 })).toMatchObject({ max_choices: 2 });
  });
});
