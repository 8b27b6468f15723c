import { expect, it } from 'vitest';
import { withRole } from './people';

it('a role is put there or taken away, the widest first', () => {
  expect(withRole(['moderator'], 'admin', true)).toEqual(['admin', 'moderator']);
  expect(withRole(['admin', 'moderator'], 'admin', false)).toEqual(['moderator']);
  expect(withRole(['chair'], 'chair', true)).toEqual(['chair']);
});
