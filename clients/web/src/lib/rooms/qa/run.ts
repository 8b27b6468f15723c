import type { Question } from './model.svelte';

export type Part = 'waiting' | 'public' | 'done';

const PART: Record<Question['status'], Part | null> = {
  pending: 'waiting',
  live: 'public',
  pinned: 'public',
  answered: 'done',
  rejected: 'done',
  withdrawn: null,
  merged: 'done',
};

/** The queue's three lists: what waits (oldest first), what everyone reads (best first), what is done (newest first). */
export function part(questions: Question[], wanted: Part): Question[] {
  const list = questions.filter((question) => PART[question.status] === wanted);
  if (wanted === 'waiting') return list.sort((a, b) => a.asked_ms - b.asked_ms);
  if (wanted === 'done') return list.sort((a, b) => b.asked_ms - a.asked_ms);
  const pin = (question: Question): number => (question.status === 'pinned' ? 0 : 1);
  return list.sort((a, b) => pin(a) - pin(b) || b.votes - a.votes || a.asked_ms - b.asked_ms);
}
