import type { Component } from 'svelte';

/** One face of a kind of room; it joins the room that it is given by itself. */
export type RoomFace = Component<{ room: string }>;
type Load = () => Promise<{ default: RoomFace }>;

/** The faces of a kind: in an attendee's hand, at the moderator's desk, on the hall's screen. */
export interface Kind {
  Play: Load;
  Run: Load;
  Show: Load;
}

const kind = (Play: Load, Run: Load, Show: Load): Kind => ({ Play, Run, Show });

/** Every kind of room that the web client knows, one line each. A face is fetched when it is first shown. */
export const KINDS: Readonly<Record<string, Kind>> = {
  session: kind(() => import('./session/Play.svelte'), () => import('./session/Run.svelte'), () => import('./session/Show.svelte')),
  poll: kind(() => import('./poll/Play.svelte'), () => import('./poll/Run.svelte'), () => import('./poll/Show.svelte')),
  qa: kind(() => import('./qa/Play.svelte'), () => import('./qa/Run.svelte'), () => import('./qa/Show.svelte')),
  messaging: kind(() => import('./messaging/Play.svelte'), () => import('./messaging/Run.svelte'), () => import('./messaging/Show.svelte')),
};

/** The kind of a room id such as `poll:01H5…`. */
export function kindOf(room: string): string {
  return room.split(':', 1)[0] ?? '';
}
