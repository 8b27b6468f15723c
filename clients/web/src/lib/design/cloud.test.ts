import { describe, expect, it } from 'vitest';
import { layOut, overlaps, type Placed, type Word } from './cloud';

const measure = (text: string): number => text.length * 0.55;
const HEIGHT = 0.6;

const crowd = (n: number): Word[] =>
  Array.from({ length: n }, (_, at) => ({ text: `word${at}`, count: 1 + ((at * 7) % 23) }));

function clashes(words: Placed[]): number {
  return words.filter((a, at) => words.slice(at + 1).some((b) => overlaps(a, b))).length;
}

describe('the word cloud', () => {
  it('places sixty words without an overlap and inside the box', () => {
    const placed = layOut(crowd(60), [], HEIGHT, measure);
    expect(placed.length).toBeGreaterThan(45);
    expect(clashes(placed)).toBe(0);
    for (const word of placed) {
      expect(word.x - word.w / 2).toBeGreaterThanOrEqual(0);
      expect(word.y + word.h / 2).toBeLessThanOrEqual(HEIGHT);
    }
  });

  it('does not move words when the same words come again', () => {
    const first = layOut(crowd(30), [], HEIGHT, measure);
    expect(layOut(crowd(30), first, HEIGHT, measure)).toEqual(first);
  });

  it('keeps most words where they are when a new one joins', () => {
    const first = layOut(crowd(30), [], HEIGHT, measure);
    const next = layOut([...crowd(30), { text: 'new', count: 2 }], first, HEIGHT, measure);
    const stayed = next.filter((word) => first.some((old) => old.text === word.text && old.x === word.x));
    expect(stayed.length).toBeGreaterThan(first.length * 0.8);
  });

  it('makes the most frequent word the largest', () => {
    const placed = layOut([{ text: 'aa', count: 9 }, { text: 'bb', count: 1 }], [], HEIGHT, measure);
    expect(placed[0]?.text).toBe('aa');
    expect(placed[0]?.size).toBeGreaterThan((placed[1]?.size ?? 0) * 1.5);
  });
});
