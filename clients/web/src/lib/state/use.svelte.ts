import { getContext, setContext } from 'svelte';
import type { Reduce } from '$lib/rooms/push';
import type { Scene } from '$lib/rooms/session/model.svelte';
import type { Connection } from './connection.svelte';
import type { LiveRoom } from './room.svelte';

/** A value that is read anew each time, so that it stays reactive across components. */
export interface Live<T> {
  readonly current: T;
}

/** What stands on the screens, and the way to change it, for everything on a moderator's desk. */
export interface Stage {
  readonly live: Scene | null;
  show(kind: Scene['kind'], room?: string): void;
}

const CONNECTION = Symbol('connection');
const JOIN_CODE = Symbol('join code');
const STAGE = Symbol('stage');

/** Gives a face's connection to everything below it. */
export function provide(connection: Connection): Connection {
  return setContext(CONNECTION, connection);
}

export function useConnection(): Connection {
  return getContext<Connection>(CONNECTION);
}

/** Gives the conference's join code to everything below; null where it is not known. */
export function provideJoinCode(code: Live<string | null>): void {
  setContext(JOIN_CODE, code);
}

export function useJoinCode(): Live<string | null> {
  return getContext<Live<string | null> | undefined>(JOIN_CODE) ?? { current: null };
}

export function provideStage(stage: Stage): void {
  setContext(STAGE, stage);
}

export function useStage(): Stage {
  return getContext<Stage>(STAGE);
}

/** Holds the room that `id` names for as long as the component lives; follows `id` when it changes. */
export function useRoom<S>(id: () => string | null, reduce: Reduce<S>): Live<LiveRoom<S> | null> {
  const connection = useConnection();
  let current = $state.raw<LiveRoom<S> | null>(null);
  $effect(() => {
    const wanted = id();
    if (wanted === null) {
      current = null;
      return;
    }
    current = connection.hold(wanted, reduce);
    return () => connection.release(wanted);
  });
  return {
    get current() {
      return current;
    },
  };
}
