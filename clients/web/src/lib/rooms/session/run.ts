import type { Connection } from '$lib/state/connection.svelte';
import type { Scene, Timer } from './model.svelte';

export const MINUTE_MS = 60_000;

/** Puts something on the screens and into the attendees' hands. */
export function show(connection: Connection, session: string, scene: { kind: Scene['kind']; room?: string; text?: string }): void {
  connection.act('session.show', session, scene);
}

/** What the main button of the countdown does in each of its states. */
export function pressTimer(connection: Connection, session: string, timer: Timer, minutes: number): void {
  if (timer.state === 'paused') connection.act('session.timer', session, { state: 'running' });
  else if (timer.state === 'idle') startTimer(connection, session, minutes);
  else connection.act('session.timer', session, { state: 'paused' });
}

export function startTimer(connection: Connection, session: string, minutes: number): void {
  connection.act('session.timer', session, { state: 'running', duration_ms: Math.round(minutes * MINUTE_MS) });
}

export function addTime(connection: Connection, session: string, add_ms: number): void {
  connection.act('session.timer', session, { add_ms });
}

export function clearTimer(connection: Connection, session: string): void {
  connection.act('session.timer', session, { state: 'idle' });
}
