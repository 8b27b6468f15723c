import { describe, expect, it } from 'vitest';
import { detailsOf } from './audit';

describe('what an entry of the audit log says', () => {
  it('is each field, from what to what', () => {
    const details = { title: { before: 'Opening', after: 'Welcome' }, track: { before: null, after: 'Main' } };
    expect(detailsOf(details)).toEqual([
      { name: 'title', words: 'Opening → Welcome' },
      { name: 'track', words: '– → Main' },
    ]);
  });

  it('is what something was made with, and everything else as it is', () => {
    expect(detailsOf({ name: { after: 'Deck' }, roles: ['a', 'b'], minutes: 15, about: { x: 1 } })).toEqual([
      { name: 'name', words: 'Deck' },
      { name: 'roles', words: '[a, b]' },
      { name: 'minutes', words: '15' },
      { name: 'about', words: 'x:1' },
    ]);
  });
});
