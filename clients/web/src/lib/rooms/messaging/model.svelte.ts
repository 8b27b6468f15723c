import type { Push } from '../push';

export interface Message {
  id: string;
  author: { id: string; name: string } | null;
  text: string;
  at_ms: number;
  reactions: Record<string, number>;
  deleted: boolean;
}

export interface ChatState {
  messages: Message[];
  slow_mode_s: number;
  muted: boolean;
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
    case 'chat.settings':
    case 'chat.slow':
    case 'chat.muted':
      return { ...state, ...(push.data as Partial<ChatState>) };
    default:
      return state;
  }
}

function append(messages: Message[], message: Message): Message[] {
  if (messages.some((held) => held.id === message.id)) return messages;
  return [...messages, message].slice(-KEPT);
}

function change(state: ChatState, id: string, patch: Partial<Message>): ChatState {
  const messages = state.messages.map((held) => (held.id === id ? { ...held, ...patch } : held));
  return { ...state, messages };
}
