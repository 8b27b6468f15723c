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
  claimed_name?: string | null;
  reason: string | null;
  /** How sure its support is, in thousandths. */
  score?: number;
  /** How it read before a moderator edited it; for moderators. */
  original?: string | null;
  merged_into?: string | null;
}

export interface QaSettings {
  premoderation: boolean;
  anonymous: boolean;
  open: boolean;
  max_chars?: number;
}

export interface QaState {
  settings: QaSettings;
  questions: Question[];
  /** Questions that this participant upvoted. */
  mine: string[];
  /** Questions that this participant asked. */
  asked: string[];
  /** What its asker was told of a question: more than the gravestone that everyone may get after it. */
  fates?: Record<string, Question>;
}

/** Applies a push; the list holds each question once, the newest word about it wins. */
export function reduce(state: QaState, push: Push): QaState {
  switch (push.ev) {
    case 'qa.state':
      return push.data as QaState;
    case 'qa.question':
      return withQuestion(state, push.data as Question);
    case 'qa.votes':
      return withVotes(state, push.data as Digest);
    case 'qa.settings':
      return { ...state, settings: push.data as QaSettings };
    case 'qa.fate':
      return withFate(state, push.data as Question);
    case 'qa.mine': {
      const { question, up } = push.data as { question: string; up: boolean };
      return withMine(state, question, up);
    }
    default:
      return state;
  }
}

function put(list: Question[], question: Question): Question[] {
  const at = list.findIndex((held) => held.id === question.id);
  return at < 0 ? [...list, question] : list.with(at, question);
}

/** A question that I support and that became part of another one: my vote counts for that one. */
function withQuestion(state: QaState, question: Question): QaState {
  const { mine } = state;
  const into = question.status === 'merged' && mine.includes(question.id) ? question.merged_into : null;
  const questions = put(state.questions, question);
  return into && !mine.includes(into) ? { ...state, questions, mine: [...mine, into] } : { ...state, questions };
}

function withFate(state: QaState, question: Question): QaState {
  const asked = state.asked.includes(question.id) ? state.asked : [...state.asked, question.id];
  return { ...state, asked, fates: { ...state.fates, [question.id]: question } };
}

interface Digest {
  votes: Record<string, number>;
  scores?: Record<string, number>;
}

function withVotes(state: QaState, { votes, scores = {} }: Digest): QaState {
  const count = (held: Question): Question => {
    const counted = { votes: votes[held.id] ?? held.votes, score: scores[held.id] ?? held.score ?? 0 };
    return counted.votes === held.votes && counted.score === (held.score ?? 0) ? held : { ...held, ...counted };
  };
  return { ...state, questions: state.questions.map(count) };
}

/** This participant's own questions with their fate, the newest first. */
export function own(state: QaState): Question[] {
  const told = (id: string): Question | undefined =>
    state.fates?.[id] ?? state.questions.find((question) => question.id === id);
  return state.asked.map(told).filter((question) => question !== undefined).reverse();
}

/** This participant's upvote as far as we know it before the hub answers: the count moves with the thumb. */
export function withMine(state: QaState, question: string, up: boolean): QaState {
  const without = state.mine.filter((id) => id !== question);
  return { ...state, mine: up ? [...without, question] : without };
}

/** By votes, by how sure the support is, or by age. */
export type Sort = 'top' | 'best' | 'new';

const SHOWN: ReadonlySet<QuestionStatus> = new Set(['live', 'pinned', 'answered']);

/** What an audience reads: pinned first, answered last, between them by votes or by age. */
export function listed(questions: Question[], sort: Sort): Question[] {
  return questions.filter((question) => SHOWN.has(question.status)).sort(order(sort));
}

const RANK: Partial<Record<QuestionStatus, number>> = { pinned: 0, live: 1, answered: 2 };

function order(sort: Sort): (a: Question, b: Question) => number {
  return (a, b) =>
    (RANK[a.status] ?? 3) - (RANK[b.status] ?? 3) ||
    weight(b, sort) - weight(a, sort) ||
    (sort === 'new' ? b.asked_ms - a.asked_ms : a.asked_ms - b.asked_ms) ||
    (a.id < b.id ? -1 : 1);
}

function weight(question: Question, sort: Sort): number {
  if (sort === 'best') return question.score ?? 0;
  return sort === 'top' ? question.votes : 0;
}
