import type { Connection } from '$lib/state/connection.svelte';
import type { Scene, Timer } from './model.svelte';

export const MINUTE_MS = 60_000;

/** Puts something on the screens and into the attendees' hands. */
export function show(connection: Connection, session: string, scene: { kind: Scene['kind']; room?: string; text?: string }): void {
  connection.act('session.show', session, scene);
}

/** Halts a countdown, or lets it go on. */
export function pressTimer(connection: Connection, session: string, timer: Timer): void {
  connection.act('session.timer', session, { state: timer.state === 'paused' ? 'running' : 'paused' });
}

/** Starts one; without a label, that of the last one goes. */
export function startTimer(connection: Connection, session: string, minutes: number, label: string): void {
  const duration_ms = Math.round(minutes * MINUTE_MS);
  connection.act('session.timer', session, { state: 'running', duration_ms, label: label.trim() });
}

export function addTime(connection: Connection, session: string, add_ms: number): void {
  connection.act('session.timer', session, { add_ms });
}

export function clearTimer(connection: Connection, session: string): void {
  connection.act('session.timer', session, { state: 'idle' });
}
