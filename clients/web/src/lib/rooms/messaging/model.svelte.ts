import type { Push } from '../push';

export interface Message {
  id: string;
  author: { id: string; name: string } | null;
  text: string;
  at_ms: number;
  reactions: Record<string, number>;
  deleted: boolean;
  reply_to?: string | null;
}

/** A message that people reported; told to moderators. */
export interface Report {
  message: string;
  reports: number;
  reasons: string[];
}

/** Someone who may not write for a while; told to moderators. */
export interface Mute {
  participant: string;
  until_ms: number;
}

export interface ChatState {
  messages: Message[];
  slow_mode_s: number;
  muted: boolean;
  muted_until_ms?: number | null;
  /** This participant's own reactions, by message. */
  mine?: Record<string, string[]>;
  /** The reactions that there are. */
  allowed?: string[];
  reports?: Report[];
  mutes?: Mute[];
}

/** How many messages a page keeps: older ones are read by the REST cursor. */
export const KEPT = 200;

/** Applies a push. A deleted message stays as a mark, so that the talk around it still reads. */
export function reduce(state: ChatState, push: Push): ChatState {
  switch (push.ev) {
    case 'messaging.state':
      return push.data as ChatState;
    case 'chat.message':
      return { ...state, messages: append(state.messages, push.data as Message) };
    case 'chat.deleted':
      return change(state, (push.data as { id: string }).id, { deleted: true, text: '' });
    case 'chat.reactions': {
      const { id, reactions } = push.data as Pick<Message, 'id' | 'reactions'>;
      return change(state, id, { reactions });
    }
    case 'chat.slow':
    case 'chat.mutes':
      return { ...state, ...(push.data as Pick<ChatState, 'slow_mode_s' | 'mutes'>) };
    case 'chat.muted': {
      const { until_ms } = push.data as { until_ms: number | null };
      return { ...state, muted: until_ms !== null, muted_until_ms: until_ms };
    }
    case 'chat.mine': {
      const { message, emoji } = push.data as { message: string; emoji: string[] };
      return { ...state, mine: { ...state.mine, [message]: emoji } };
    }
    case 'chat.report':
      return { ...state, reports: putReport(state.reports ?? [], push.data as Report) };
    default:
      return state;
  }
}

/** The whole talk: what was read of its history, then what the room tells; a message that both have is the room's. */
export function talk(history: readonly Message[], told: readonly Message[]): Message[] {
  const known = new Set(told.map(({ id }) => id));
  return [...history.filter(({ id }) => !known.has(id)), ...told];
}

/** The reported messages that still stand, the most reported first. */
export function reported(state: ChatState): { message: Message; report: Report }[] {
  const standing = (state.reports ?? []).flatMap((report) => {
    const message = state.messages.find((held) => held.id === report.message && !held.deleted);
    return message ? [{ message, report }] : [];
  });
  return standing.sort((a, b) => b.report.reports - a.report.reports);
}

function append(messages: Message[], message: Message): Message[] {
  if (messages.some((held) => held.id === message.id)) return messages;
  return [...messages, message].slice(-KEPT);
}

function putReport(reports: Report[], report: Report): Report[] {
  return [...reports.filter((held) => held.message !== report.message), report];
}

/** My reaction put there or taken away, before the hub says so. */
export function withReaction(state: ChatState, message: string, emoji: string, on: boolean): ChatState {
  const others = (state.mine?.[message] ?? []).filter((held) => held !== emoji);
  return { ...state, mine: { ...state.mine, [message]: on ? [...others, emoji] : others } };
}

function change(state: ChatState, id: string, patch: Partial<Message>): ChatState {
  const messages = state.messages.map((held) => (held.id === id ? { ...held, ...patch } : held));
  return { ...state, messages };
}
