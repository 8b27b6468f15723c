import { expect, it } from 'vitest';
import { contrast } from '$lib/design/contrast';
import { rules } from './look.svelte';

it('every colour of an organisation is made to be read on both grounds', () => {
  for (const [sunken, surface, ink] of [['#edeae1', '#ffffff', '#15211d'], ['#1c2623', '#141c19', '#eef4f1']] as const) {
    for (const primary of ['#7a1f5c', '#ffd166', '#000000', '#ffffff', '#808080']) {
      const text = rules(primary, { selector: ':root', sunken, surface });
      const of = (name: string): string => new RegExp(`--${name}:(#[0-9a-f]{6})`).exec(text)?.[1] ?? '';
      const pairs = [
        [of('accent'), surface],
        [of('accent'), sunken],
        [of('on-accent'), of('accent')],
        [of('on-accent-soft'), of('accent-soft')],
        [ink, of('bar-fill')],
        [ink, of('bar-lead')],
      ] as const;
      for (const [one, other] of pairs) expect(contrast(one, other), `${primary}: ${one} on ${other}`).toBeGreaterThanOrEqual(4.5);
    }
  }
});
