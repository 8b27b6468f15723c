/** What text needs, and what buttons and bars need (WCAG 2.2, success criteria 1.4.3 and 1.4.11). */
export const TEXT_NEEDS = 4.5;
export const SHAPES_NEED = 3;

/** How bright a colour such as `#1a6b5c` looks, from 0 to 1 (WCAG 2.2, relative luminance). */
function luminance(colour: string): number {
  const linear = (at: number): number => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
}

/** How well two colours can be told apart, from 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** What can be read on a colour: white or black. */
export function readableOn(colour: string): string {
  return contrast(colour, '#ffffff') >= contrast(colour, '#000000') ? '#ffffff' : '#000000';
}

/** To one decimal, never rounded up: what shows as enough is enough. */
export const shown = (ratio: number): number => Math.floor(ratio * 10) / 10;

/** One colour with a share of another in it, from 0 to 1. */
export function mixed(one: string, other: string, share: number): string {
  const part = (at: number): string => {
    const [from, to] = [one, other].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16)) as [number, number];
    return Math.round(from + (to - from) * share)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${part(1)}${part(3)}${part(5)}`;
}

const STEPS = 20;

/** The colour, darker or lighter only as far as it takes to be read on a ground. */
export function fitted(colour: string, ground: string, needs = TEXT_NEEDS): string {
  const end = readableOn(ground);
  for (let step = 0; step < STEPS; step++) {
    const tried = mixed(colour, end, step / STEPS);
    if (contrast(tried, ground) >= needs) return tried;
  }
  return end;
}
