/** `waiting` is kept for later because there is no connection; `counted` means durable on the hub. */
export type Fate = 'sending' | 'waiting' | 'counted' | 'refused';

/** One thing that the person did, from the thumb to the hub's word on it. */
export class Action {
  fate = $state<Fate>('sending');
  /** The stable code of a refusal. */
  code = $state('');

  constructor(
    readonly key: string,
    readonly op: string,
    readonly room: string,
    readonly data: Record<string, unknown>,
    /** What the page that sent it wants to know it by, such as the round of a poll. */
    readonly tag = '',
    /** Takes back what the page showed ahead of the hub's word. */
    readonly undo?: () => void,
  ) {}

  get open(): boolean {
    return this.fate === 'sending' || this.fate === 'waiting';
  }
}

/** Answered actions that the page still remembers, so that it can say "counted". */
const REMEMBERED = 50;

/** The actions of this page, the newest last. */
export class Actions {
  list = $state.raw<Action[]>([]);

  get waiting(): number {
    return this.list.filter((action) => action.open).length;
  }

  add(action: Action): Action {
    const open = this.list.filter((held) => held.open);
    const answered = this.list.filter((held) => !held.open).slice(-REMEMBERED);
    this.list = [...answered, ...open, action];
    return action;
  }

  has(key: string): boolean {
    return this.list.some((action) => action.key === key);
  }

  /** The newest action of this kind, for the line under its button. */
  last(room: string, ...ops: string[]): Action | undefined {
    return this.list.findLast((action) => action.room === room && ops.includes(action.op));
  }

  /** Still unanswered actions of one op in a room, oldest first. */
  unanswered(room: string, op: string): Action[] {
    return this.list.filter((action) => action.room === room && action.op === op && action.open);
  }
}
