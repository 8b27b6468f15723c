import { BUDGET, WORDS } from './ballot';
import type { PollKind, ResultsPolicy, Settings } from './model.svelte';

/** What a moderator fills in to build a poll. */
export interface Recipe {
  title: string;
  kind: PollKind;
  labels: string[];
  max: string | number;
  min: string | number;
  top: string | number;
  /** What the two ends of a rating mean. */
  low: string;
  high: string;
  budget: string | number;
  /** Words that one person may send. */
  words: string | number;
  /** Words that no text may hold, with commas between them. */
  banned: string;
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
    low: '',
    high: '',
    budget: BUDGET,
    words: WORDS,
    banned: '',
    results: 'always',
    anonymous: true,
    change: true,
    moderated: false,
  };
}

/** The recipe of a draft that is there, to change it. */
export function recipeOf(settings: Settings): Recipe {
  const { kind, labels = [] } = settings;
  return {
    title: settings.title,
    kind,
    labels: hasOptions(kind) ? (settings.options ?? []).map((option) => option.label) : ['', ''],
    max: kind === 'multiple' || kind === 'ranking' ? (settings.max_choices ?? '') : '',
    min: settings.min ?? 1,
    top: settings.max ?? (kind === 'numeric' ? '' : 5),
    low: labels.at(0) ?? '',
    high: labels.at(-1) ?? '',
    budget: settings.budget ?? BUDGET,
    words: settings.max_words ?? WORDS,
    banned: (settings.banned ?? []).join(', '),
    results: settings.results,
    anonymous: settings.anonymous,
    change: settings.change_vote,
    moderated: settings.moderated,
  };
}

export function hasOptions(kind: PollKind): boolean {
  return kind === 'single' || kind === 'multiple' || kind === 'ranking' || kind === 'points';
}

/** Texts that people write can be read first. */
export function hasTexts(kind: PollKind): boolean {
  return kind === 'wordcloud' || kind === 'open';
}

export function ready(recipe: Recipe): boolean {
  return recipe.title.trim() !== '' && (!hasOptions(recipe.kind) || filled(recipe).length >= 2);
}

/** The body of `poll.create`, or of `poll.edit` before the first opening: only the fields that this kind has. */
export function body(recipe: Recipe): Record<string, unknown> {
  return { kind: recipe.kind, anonymous: recipe.anonymous, ...ofRound(recipe), ...ofKind(recipe) };
}

/** The body of `poll.edit` once it has been open: what it asks is fixed, and goes along as it is. */
export function again(recipe: Recipe, settings: Settings): Record<string, unknown> {
  return { ...settings, ...ofRound(recipe) };
}

/** What may differ from one round to the next. */
function ofRound(recipe: Recipe): Partial<Settings> {
  const same = { title: recipe.title.trim(), results: recipe.results, change_vote: recipe.change };
  return hasTexts(recipe.kind) ? { ...same, moderated: recipe.moderated, banned: parted(recipe.banned) } : same;
}

function ofKind(recipe: Recipe): Partial<Settings> {
  const { kind } = recipe;
  const max = Number(recipe.max);
  switch (kind) {
    case 'single':
      return { options: filled(recipe) };
    case 'multiple':
    case 'ranking':
      return { options: filled(recipe), ...(max > 0 && { max_choices: max }) };
    case 'points':
      return { options: filled(recipe), budget: Number(recipe.budget) || BUDGET };
    case 'wordcloud':
      return { max_words: Number(recipe.words) || WORDS };
    case 'rating':
      return { ...range(recipe), ...ends(recipe) };
    case 'numeric':
      return recipe.top === '' ? {} : range(recipe);
    case 'open':
      return {};
  }
}

const range = ({ min, top }: Recipe): Partial<Settings> => ({ min: Number(min), max: Number(top) });

function ends({ low, high }: Recipe): Partial<Settings> {
  const labels = [low.trim(), high.trim()];
  return labels.every((label) => label !== '') ? { labels } : {};
}

function filled(recipe: Recipe): { label: string }[] {
  return recipe.labels.map((label) => ({ label: label.trim() })).filter(({ label }) => label !== '');
}

function parted(text: string): string[] {
  return text
    .split(/[,،;\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
