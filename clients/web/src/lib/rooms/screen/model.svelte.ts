import type { Push } from '../push';

/** What a screen was told to show: a session, whose own live scene it follows. */
export interface ScreenScene {
  session: string | null;
}

export interface ScreenState {
  scene: ScreenScene;
  paired: boolean;
}

export function reduce(state: ScreenState, push: Push): ScreenState {
  switch (push.ev) {
    case 'screen.state':
      return push.data as ScreenState;
    case 'screen.scene':
      return { ...state, scene: push.data as ScreenScene };
    default:
      return state;
  }
}
