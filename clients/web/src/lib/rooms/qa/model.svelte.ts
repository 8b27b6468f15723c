import type { Push } from '../push';

export type QuestionStatus =
  | 'pending'
  | 'live'
  | 'pinned'
  | 'answered'
  | 'rejected'
  | 'withdrawn'
  | 'merged';

export interface Question {
  id: string;
  text: string;
  status: QuestionStatus;
  votes: number;
  author: { id: string; name: string } | null;
  asked_ms: number;
  claimed_by: string | null;
  reason: string | null;
}

export interface QaSettings {
  premoderation: boolean;
  anonymous: boolean;
  open: boolean;
}

export interface QaState {
  settings: QaSettings;
  questions: Question[];
  /** Questions that this participant upvoted. */
  mine: string[];
  /** What this participant asked, with its fate: filled from the join state and personal pushes. */
  asked?: Question[];
}

/** Applies a push; the list holds each question once, the newest word about it wins. */
export function reduce(state: QaState, push: Push): QaState {
  switch (push.ev) {
    case 'qa.state':
      return push.data as QaState;
    case 'qa.question':
      return { ...state, questions: put(state.questions, push.data as Question) };
    case 'qa.votes':
      return withVotes(state, (push.data as { votes: Record<string, number> }).votes);
    case 'qa.settings':
      return { ...state, settings: push.data as QaSettings };
    case 'qa.fate':
      return { ...state, asked: put(state.asked ?? [], push.data as Question) };
    case 'qa.mine':
      return { ...state, mine: (push.data as { mine: string[] }).mine };
    default:
      return state;
  }
}

function put(list: Question[], question: Question): Question[] {
  const at = list.findIndex((held) => held.id === question.id);
  return at < 0 ? [...list, question] : list.with(at, question);
}

function withVotes(state: QaState, votes: Record<string, number>): QaState {
  const count = (held: Question): Question => {
    const now = votes[held.id];
    return now === undefined || now === held.votes ? held : { ...held, votes: now };
  };
  return { ...state, questions: state.questions.map(count), asked: (state.asked ?? []).map(count) };
}

/** This participant's upvote as far as we know it before the hub answers: the count moves with the thumb. */
export function withMine(state: QaState, question: string, up: boolean): QaState {
  const without = state.mine.filter((id) => id !== question);
  return { ...state, mine: up ? [...without, question] : without };
}

export type Sort = 'top' | 'new';

const SHOWN: ReadonlySet<QuestionStatus> = new Set(['live', 'pinned', 'answered']);

/** What an audience reads: pinned first, answered last, between them by votes or by age. */
export function listed(questions: Question[], sort: Sort): Question[] {
  return questions.filter((question) => SHOWN.has(question.status)).sort(order(sort));
}

const RANK: Partial<Record<QuestionStatus, number>> = { pinned: 0, live: 1, answered: 2 };

function order(sort: Sort): (a: Question, b: Question) => number {
  return (a, b) =>
    (RANK[a.status] ?? 3) - (RANK[b.status] ?? 3) ||
    (sort === 'top' ? b.votes - a.votes : 0) ||
    (sort === 'top' ? a.asked_ms - b.asked_ms : b.asked_ms - a.asked_ms) ||
    (a.id < b.id ? -1 : 1);
}

/** The moderators' queue: what waits, oldest first. */
export function waiting(questions: Question[]): Question[] {
  return questions.filter((question) => question.status === 'pending').sort((a, b) => a.asked_ms - b.asked_ms);
}
