import { expect, it } from 'vitest';
import { contrast, fitted, readableOn, shown } from './contrast';

it('contrast is as the guidelines compute it, whichever colour comes first', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(contrast('#ffffff', '#777777')).toBeCloseTo(4.48, 2);
  expect(shown(4.48)).toBe(4.4);
});

it('one of white and black can be read on every colour', () => {
  expect(readableOn('#7a1f5c')).toBe('#ffffff');
  expect(readableOn('#ffd166')).toBe('#000000');
});

it('a colour is changed only as far as it takes to be read', () => {
  expect(fitted('#0b5d4c', '#ffffff')).toBe('#0b5d4c');
  for (const ground of ['#ffffff', '#edeae1', '#141c19', '#808080']) {
    for (const colour of ['#ffd166', '#7a1f5c', '#000000', '#ffffff']) {
      expect(contrast(fitted(colour, ground), ground)).toBeGreaterThanOrEqual(4.5);
    }
  }
});
