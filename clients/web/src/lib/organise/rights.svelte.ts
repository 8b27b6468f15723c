import { signed } from './signed';

/** The hub's actions, by the names that `/roles` has them under. */
export const ACTIONS = [
  'rooms.watch',
  'rooms.take_part',
  'rooms.moderate',
  'participants.check_in',
  'participants.see',
  'participants.manage',
  'programme.edit',
  'conferences.organise',
  'reports.see',
  'people.see',
  'people.manage',
  'audit.see',
  'tenant.configure',
  'tenant.own',
] as const;
export type ActionName = (typeof ACTIONS)[number];

interface Me {
  id: string;
  actions: string[];
  /** Conferences in which they may do more. */
  elsewhere: { conference_id: string; actions: string[] }[];
}

/** What whoever is signed in may do: pages leave out what would be refused. */
class Rights {
  #me = $state.raw<Me | null>(null);

  get id(): string {
    return this.#me?.id ?? '';
  }

  /** Of a deleted organisation nothing is told but that it can be brought back. */
  get known(): boolean {
    return this.#me !== null;
  }

  may(action: ActionName): boolean {
    return this.#me?.actions.includes(action) ?? false;
  }

  /** In one conference, by what is held in it or in the whole organisation. */
  mayIn(action: ActionName, conference: string): boolean {
    const held = this.#me?.elsewhere.find(({ conference_id }) => conference_id === conference);
    return this.may(action) || (held?.actions.includes(action) ?? false);
  }

  /** Without a network nothing is known, and the hub decides. */
  async load(): Promise<void> {
    this.#me = await signed<Me>('/participants/me').catch(() => null);
  }

  forget(): void {
    this.#me = null;
  }
}

export const rights = new Rights();
