import type { Push } from '../push';

export type PollKind =
  | 'single'
  | 'multiple'
  | 'rating'
  | 'ranking'
  | 'points'
  | 'wordcloud'
  | 'open'
  | 'numeric';
export type PollStatus = 'draft' | 'open' | 'closed' | 'revealed';
export type ResultsPolicy = 'always' | 'after_vote' | 'after_close' | 'moderators';

export interface Option {
  id: string;
  label: string;
}

/** The poll as everyone may see it. Bounds are present where the kind has them. */
export interface Poll {
  id: string;
  title: string;
  kind: PollKind;
  options: Option[];
  status: PollStatus;
  round: number;
  anonymous: boolean;
  results_policy: ResultsPolicy;
  max_choices: number | null;
  change_vote?: boolean;
  min?: number | null;
  max?: number | null;
  budget?: number | null;
  /** Points are given in multiples of this. */
  step?: number | null;
  moderated?: boolean;
  closes_at_ms?: number | null;
  max_words?: number | null;
  max_chars?: number | null;
}

export interface Tally {
  id: string;
  votes?: number;
  points?: number;
  first?: number;
}

export interface Bucket {
  /** The value, or the lowest of a range. */
  value: number;
  /** Where the range ends. */
  to?: number;
  count: number;
}

/** Told to moderators only: whether others see a text. */
export type Standing = 'shown' | 'pending' | 'hidden';

export interface CloudWord {
  text: string;
  count: number;
  standing?: Standing;
  /** Words that are counted as this one. */
  merged?: string[];
}

export interface Answer {
  id: string;
  text: string;
  author?: { id: string; name: string };
  standing?: Standing;
}

/** Results of one round; which of the lists is there depends on the kind. */
export interface Results {
  round: number;
  voters: number;
  options?: Tally[];
  mean?: number | null;
  median?: number | null;
  histogram?: Bucket[];
  words?: CloudWord[];
  answers?: Answer[];
}

/** This participant's own vote in the current round. */
export interface Ballot {
  options?: string[];
  points?: Record<string, number>;
  value?: number;
  text?: string;
  texts?: string[];
}

/** What a poll was made with: the data of `poll.create` and `poll.edit`. */
export interface Settings {
  title: string;
  kind: PollKind;
  options?: { id?: string; label: string }[];
  max_choices?: number;
  anonymous: boolean;
  results: ResultsPolicy;
  change_vote: boolean;
  min?: number;
  max?: number;
  /** Names of a rating's values: one each, or two for its ends. */
  labels?: string[];
  budget?: number;
  step?: number;
  max_words?: number;
  max_chars?: number;
  banned?: string[];
  moderated: boolean;
}

export interface PollState {
  poll: Poll;
  results: Results | null;
  mine: Ballot | null;
  /** For moderators. */
  settings?: Settings;
  /** Earlier rounds, for moderators. */
  past?: Results[];
}

/** Applies a push: status and results are absolute; a new round forgets the old vote and the old tally. */
export function reduce(state: PollState, push: Push): PollState {
  switch (push.ev) {
    case 'poll.state':
      return push.data as PollState;
    case 'poll.status':
      return withPoll(state, push.data as Poll);
    case 'poll.results':
      return withResults(state, push.data as Results);
    case 'poll.mine':
      return { ...state, mine: push.data as Ballot | null };
    default:
      return state;
  }
}

function withPoll(state: PollState, poll: Poll): PollState {
  if (poll.round === state.poll.round) return { ...state, poll };
  const held = state.results;
  if (held === null || held.round === poll.round) return { ...state, poll, mine: null };
  // Whoever is told of past rounds keeps the one that has just become past.
  return { ...state, poll, results: null, mine: null, ...(state.past && { past: [...state.past, held] }) };
}

function withResults(state: PollState, results: Results): PollState {
  return results.round < state.poll.round ? state : { ...state, results };
}

/** One row of a bar chart. */
export interface Row {
  id: string;
  label: string;
  amount: number;
  /** Share of the whole, 0 to 1. */
  share: number;
  /** True for the highest amount, also when several are level. */
  lead: boolean;
}

/** Bars of a choice, ranking or points poll, in the poll's own order, or the best first for ranking. */
export function rows(poll: Poll, results: Results): Row[] {
  const tallies = new Map((results.options ?? []).map((tally) => [tally.id, tally]));
  const amounts = poll.options.map((option) => amountOf(tallies.get(option.id)));
  const most = Math.max(0, ...amounts);
  const whole = wholeOf(poll, results, amounts);
  const list = poll.options.map((option, index) => {
    const amount = amounts[index] ?? 0;
    return {
      id: option.id,
      label: option.label,
      amount,
      share: whole === 0 ? 0 : amount / whole,
      lead: amount > 0 && amount === most,
    };
  });
  return poll.kind === 'ranking' ? list.sort((a, b) => b.amount - a.amount) : list;
}

function amountOf(tally: Tally | undefined): number {
  return tally?.votes ?? tally?.points ?? 0;
}

/** What 100 % is: people for votes (they may tick several), all points given for points, the best possible for ranking. */
function wholeOf(poll: Poll, results: Results, amounts: number[]): number {
  if (poll.kind === 'ranking') return results.voters * poll.options.length;
  if (poll.kind === 'points') return amounts.reduce((sum, amount) => sum + amount, 0);
  return results.voters;
}

/** What a rating's two ends mean, where its maker said so: an unnamed value is called by itself. */
export function endNames(poll: Poll): [string, string] | null {
  const [first, last] = [poll.options.at(0), poll.options.at(-1)];
  const named = [first, last].every((option) => option !== undefined && option.label !== option.id);
  return poll.kind === 'rating' && named ? [first?.label ?? '', last?.label ?? ''] : null;
}

/** May this participant still send a vote, and why not? */
export function votable(state: PollState): 'yes' | 'closed' | 'voted' {
  if (state.poll.status !== 'open') return 'closed';
  if (state.mine !== null && state.poll.change_vote !== true) return 'voted';
  return 'yes';
}
