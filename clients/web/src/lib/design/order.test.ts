import { expect, it } from 'vitest';
import { move } from './order';

it('a moved line stands where it was put, the others keep their order', () => {
  expect(move(['a', 'b', 'c', 'd'], 'c', 0)).toEqual(['c', 'a', 'b', 'd']);
  expect(move(['a', 'b', 'c', 'd'], 'a', 2)).toEqual(['b', 'c', 'a', 'd']);
});

it('nothing moves out of the list, nor a line that is not in it', () => {
  expect(move(['a', 'b'], 'a', 9)).toEqual(['b', 'a']);
  expect(move(['a', 'b'], 'b', -3)).toEqual(['b', 'a']);
  expect(move(['a', 'b'], 'x', 0)).toEqual(['a', 'b']);
});
