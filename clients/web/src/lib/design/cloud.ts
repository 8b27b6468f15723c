/** Placement of a word cloud that holds still: a word keeps its place while it fits there. */
export interface Word {
  text: string;
  count: number;
}

/** A placed word: centre and size in units of the box's width (the box is 1 wide and `height` high). */
export interface Placed extends Word {
  x: number;
  y: number;
  w: number;
  h: number;
  /** Font size. */
  size: number;
}

/** Width of a text at font size 1. */
export type Measure = (text: string) => number;

const SMALLEST = 0.022;
const LARGEST = 0.12;
/** A word without room at its size is tried smaller. */
const SHRINK = 0.8;
const LINE = 1.12;
const GAP = 0.008;
/** The golden angle spreads new words around the middle without a pattern. */
const TURN = 2.399963;
const STEPS = 900;

/** Lays the words out, the most frequent first. Words that find no room even at the smallest size are left out. */
export function layOut(words: readonly Word[], before: readonly Placed[], height: number, measure: Measure): Placed[] {
  const held = new Map(before.map((word) => [word.text, word]));
  const ranked = [...words].sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  const most = ranked[0]?.count ?? 1;
  const crowd = Math.min(1, 9 / Math.sqrt(Math.max(1, words.length)) / 3);
  const placed: Placed[] = [];
  for (const word of ranked) {
    const wide = measure(word.text);
    for (let size = sizeOf(word.count / most, crowd, wide); size >= SMALLEST; size *= SHRINK) {
      const spot = find(word, size, wide * size, held.get(word.text), height, placed);
      if (!spot) continue;
      placed.push(spot);
      break;
    }
  }
  return placed;
}

/** Area, not height, follows the count; a long word never outgrows the box. */
function sizeOf(share: number, crowd: number, width: number): number {
  const wanted = SMALLEST + (LARGEST * crowd - SMALLEST) * Math.sqrt(share);
  return Math.max(SMALLEST, Math.min(wanted, 0.92 / Math.max(width, 0.01)));
}

function find(
  word: Word,
  size: number,
  w: number,
  held: Placed | undefined,
  height: number,
  placed: readonly Placed[],
): Placed | null {
  const centre = held ?? { x: 0.5, y: height / 2 };
  for (let step = 0; step < STEPS; step++) {
    const radius = 0.5 * Math.sqrt(step / STEPS);
    const x = centre.x + radius * Math.cos(step * TURN);
    const y = centre.y + radius * Math.sin(step * TURN) * height;
    const spot: Placed = { ...word, x, y, w, h: size * LINE, size };
    if (inside(spot, height) && !placed.some((other) => overlaps(spot, other))) return spot;
  }
  return null;
}

function inside(word: Placed, height: number): boolean {
  return (
    word.x - word.w / 2 >= 0 && word.x + word.w / 2 <= 1 && word.y - word.h / 2 >= 0 && word.y + word.h / 2 <= height
  );
}

export function overlaps(a: Placed, b: Placed): boolean {
  return Math.abs(a.x - b.x) * 2 < a.w + b.w + GAP * 2 && Math.abs(a.y - b.y) * 2 < a.h + b.h + GAP;
}
