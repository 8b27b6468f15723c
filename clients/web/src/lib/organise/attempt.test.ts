import { describe, expect, it } from 'vitest';
import { Attempt } from './attempt.svelte';

/** A promise with its own two ends. */
function later<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}

describe('an attempt', () => {
  it('is made one at a time', async () => {
    const attempt = new Attempt();
    const { promise, resolve } = later<void>();
    const first = attempt.run(() => promise);
    expect(await attempt.run(() => Promise.resolve())).toBe(false);
    resolve();
    expect(await first).toBe(true);
    expect(attempt.busy).toBe(false);
  });

  it('that reads takes what was asked for last, whatever comes when', async () => {
    const attempt = new Attempt();
    const [slow, quick] = [later<string>(), later<string>()];
    const taken: string[] = [];
    const both = [slow, quick].map(({ promise }) => attempt.read(() => promise, (found) => taken.push(found)));
    quick.resolve('quick');
    slow.reject(new TypeError('gone'));
    await Promise.all(both);
    expect([taken, attempt.fault, attempt.busy]).toEqual([['quick'], '', false]);
  });

  it('says why it failed', async () => {
    const attempt = new Attempt();
    expect(await attempt.run(() => Promise.reject(new TypeError('gone')))).toBe(false);
    expect(attempt.fault).not.toBe('');
  });
});
