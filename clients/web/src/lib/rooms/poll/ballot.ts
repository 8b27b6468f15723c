import type { Ballot, Poll } from './model.svelte';

/** An unfilled ballot of a poll's kind. Ranking starts in the poll's own order: the voter moves what differs. */
export function blank(poll: Poll): Ballot {
  switch (poll.kind) {
    case 'ranking':
      return { options: poll.options.map((option) => option.id) };
    case 'points':
      return { points: {} };
    case 'single':
    case 'multiple':
      return { options: [] };
    default:
      return {};
  }
}

/** The data of `poll.vote`: a ranking names no more than the poll takes, the best first. */
export function sendable(poll: Poll, ballot: Ballot): Record<string, unknown> {
  if (poll.kind !== 'ranking') return { ...ballot };
  return { options: (ballot.options ?? []).slice(0, maxChoices(poll)) };
}

/** Can this be sent? The hub decides in the end; this only spares a useless try. */
export function complete(poll: Poll, ballot: Ballot): boolean {
  switch (poll.kind) {
    case 'single':
    case 'multiple':
    case 'ranking':
      return (ballot.options?.length ?? 0) > 0;
    case 'points':
      return spent(ballot) > 0 && spent(ballot) <= budget(poll);
    case 'rating':
    case 'numeric':
      return ballot.value !== undefined && inRange(poll, ballot.value);
    default:
      return (ballot.text ?? '').trim() !== '';
  }
}

/** Ticks or unticks an option, within the poll's maximum; one choice replaces another. */
export function toggle(poll: Poll, ballot: Ballot, id: string): Ballot {
  const chosen = ballot.options ?? [];
  if (poll.kind === 'single') return { options: [id] };
  if (chosen.includes(id)) return { options: chosen.filter((held) => held !== id) };
  return chosen.length < maxChoices(poll) ? { options: [...chosen, id] } : ballot;
}

export function maxChoices(poll: Poll): number {
  return poll.kind === 'single' ? 1 : (poll.max_choices ?? poll.options.length);
}

export const BUDGET = 100;
/** Words of one person where a cloud does not say. */
export const WORDS = 3;

export function budget(poll: Poll): number {
  return poll.budget ?? BUDGET;
}

/** Points move in tenths of the budget, in multiples of the poll's own step. */
export function pointStep(poll: Poll): number {
  const step = poll.step ?? 1;
  return Math.max(step, Math.round(budget(poll) / 10 / step) * step);
}

export function spent(ballot: Ballot): number {
  return Object.values(ballot.points ?? {}).reduce((sum, points) => sum + points, 0);
}

/** Gives or takes one step, never below nothing nor beyond the budget. */
export function give(poll: Poll, ballot: Ballot, id: string, steps: number): Ballot {
  const held = ballot.points?.[id] ?? 0;
  const room = budget(poll) - spent(ballot) + held;
  const points = Math.max(0, Math.min(room, held + steps * pointStep(poll)));
  const others = Object.entries(ballot.points ?? {}).filter(([other]) => other !== id);
  return { points: Object.fromEntries(points === 0 ? others : [...others, [id, points]]) };
}

/** The lowest and highest value of a rating. */
export function bounds(poll: Poll): { min: number; max: number } {
  return { min: poll.min ?? 1, max: poll.max ?? 5 };
}

function inRange(poll: Poll, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  return value >= (poll.min ?? -Infinity) && value <= (poll.max ?? Infinity);
}
