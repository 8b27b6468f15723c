import { i18n } from '$lib/i18n/i18n.svelte';
import { ApiError } from '$lib/state/api';
import { download } from './files';

/** The ids of so many people fit into the address of one request. */
export const NAMED_MAX = 200;

/** Whose names no font of the hub can draw. */
export interface Undrawable {
  names: string[];
  letters: string;
}

/** In parts of `NAMED_MAX`, each once. */
export function parts(ids: Iterable<string>): string[][] {
  const all = [...new Set(ids)];
  return Array.from({ length: Math.ceil(all.length / NAMED_MAX) }, (_, at) => all.slice(at * NAMED_MAX, (at + 1) * NAMED_MAX));
}

/** The badges of a few people, as a PDF; `leaves_out` those whose names cannot be drawn. */
export function badgesOf(conference: string, ids: readonly string[], name: string, leaves_out: boolean): Promise<void> {
  const more = leaves_out ? '&leave_out=true' : '';
  return download(`/conferences/${conference}/badges.pdf?participants=${ids.join(',')}&language=${i18n.code}${more}`, name);
}

/** Whose names cannot be drawn, when that is why there are no badges. */
export function undrawable(error: unknown): Undrawable | null {
  if (!(error instanceof ApiError) || error.code !== 'LETTERS_MISSING') return null;
  const people = (error.details['participants'] ?? []) as { name: string }[];
  return { names: people.map(({ name }) => name), letters: String(error.details['letters'] ?? '') };
}
