import { expect, it } from 'vitest';
import { ApiError } from '$lib/state/api';
import { NAMED_MAX, parts, undrawable } from './badges';

it('asks for no more people at once than an address can name, and for each once', () => {
  const ids = Array.from({ length: NAMED_MAX + 1 }, (_, at) => `id${at}`);
  expect(parts([...ids, 'id0']).map((part) => part.length)).toEqual([NAMED_MAX, 1]);
  expect(parts([])).toEqual([]);
});

it('knows whose names cannot be drawn', () => {
  const details = { participants: [{ id: '1', name: '王小明' }], letters: '小明王' };
  expect(undrawable(new ApiError(409, 'LETTERS_MISSING', 'x', details))).toEqual({ names: ['王小明'], letters: '小明王' });
  expect(undrawable(new ApiError(409, 'NOT_CONFIRMED', 'x'))).toBeNull();
  expect(undrawable(new Error('x'))).toBeNull();
});
