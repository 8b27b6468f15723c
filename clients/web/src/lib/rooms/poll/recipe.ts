import { BUDGET } from './ballot';
import type { Poll, PollKind, ResultsPolicy } from './model.svelte';

/** What a moderator fills in to build a poll. */
export interface Recipe {
  title: string;
  kind: PollKind;
  labels: string[];
  max: string | number;
  min: string | number;
  top: string | number;
  budget: string | number;
  results: ResultsPolicy;
  anonymous: boolean;
  change: boolean;
  /** Words and answers wait for a moderator. */
  moderated: boolean;
}

export const POLL_KINDS: readonly PollKind[] = ['single', 'multiple', 'rating', 'ranking', 'points', 'wordcloud', 'open', 'numeric'];
export const POLICIES: readonly ResultsPolicy[] = ['always', 'after_vote', 'after_close', 'moderators'];

export function fresh(): Recipe {
  return {
    title: '',
    kind: 'single',
    labels: ['', ''],
    max: '',
    min: 1,
    top: 5,
    budget: BUDGET,
    results: 'always',
    anonymous: true,
    change: true,
    moderated: false,
  };
}

/** The recipe of a poll that is there, to change it while it is a draft. */
export function recipeOf(poll: Poll): Recipe {
  return {
    title: poll.title,
    kind: poll.kind,
    labels: hasOptions(poll.kind) ? poll.options.map((option) => option.label) : ['', ''],
    max: poll.kind === 'multiple' ? (poll.max_choices ?? '') : '',
    min: poll.min ?? 1,
    top: poll.max ?? (poll.kind === 'numeric' ? '' : 5),
    budget: poll.budget ?? BUDGET,
    results: poll.results_policy,
    anonymous: poll.anonymous,
    change: poll.change_vote ?? false,
    moderated: poll.moderated ?? false,
  };
}

export function hasOptions(kind: PollKind): boolean {
  return kind === 'single' || kind === 'multiple' || kind === 'ranking' || kind === 'points';
}

export function ready(recipe: Recipe): boolean {
  return recipe.title.trim() !== '' && (!hasOptions(recipe.kind) || filled(recipe).length >= 2);
}

/** The body of `poll.create`: only the fields that this kind has. */
export function body(recipe: Recipe): Record<string, unknown> {
  const { kind } = recipe;
  const made: Record<string, unknown> = {
    title: recipe.title.trim(),
    kind,
    ...(hasOptions(kind) && { options: filled(recipe).map((label) => ({ label })) }),
    anonymous: recipe.anonymous,
    results: recipe.results,
    change_vote: recipe.change,
  };
  if (kind === 'multiple' && Number(recipe.max) > 0) made['max_choices'] = Number(recipe.max);
  if (kind === 'wordcloud' || kind === 'open') made['moderated'] = recipe.moderated;
  if (kind === 'points') made['budget'] = Number(recipe.budget) || BUDGET;
  if (kind === 'rating' || (kind === 'numeric' && recipe.top !== '')) {
    made['min'] = Number(recipe.min);
    made['max'] = Number(recipe.top);
  }
  return made;
}

function filled(recipe: Recipe): string[] {
  return recipe.labels.map((label) => label.trim()).filter((label) => label !== '');
}
