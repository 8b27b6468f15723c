import { expect, it } from 'vitest';
import { fromField, toField } from './registration';

it('a moment is typed by the clock of the conference', () => {
  expect(fromField('2026-11-22T09:00', 'Asia/Dubai')).toBe('2026-11-22T05:00:00.000Z');
  expect(toField('2026-11-22T05:00:00.000Z', 'Asia/Dubai')).toBe('2026-11-22T09:00');
  expect([fromField('', 'UTC'), toField(null, 'UTC')]).toEqual([null, '']);
});
