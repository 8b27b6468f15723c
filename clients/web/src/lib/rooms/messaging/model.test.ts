import { describe, expect, it } from 'vitest';
import { KEPT, reduce, type ChatState, type Message } from './model.svelte';

const message = (id: string): Message => ({ id, author: null, text: id, at_ms: 0, reactions: {}, deleted: false });
const state: ChatState = { messages: [message('1'), message('2')], slow_mode_s: 0, muted: false };

describe('a chat', () => {
  it('shows a message once', () => {
    const once = reduce(state, { ev: 'chat.message', data: message('3') });
    expect(reduce(once, { ev: 'chat.message', data: message('3') }).messages).toHaveLength(3);
  });

  it('forgets the words of a deleted message', () => {
    const [first] = reduce(state, { ev: 'chat.deleted', data: { id: '1' } }).messages;
    expect(first).toMatchObject({ deleted: true, text: '' });
  });

  it('takes absolute reactions', () => {
    const next = reduce(state, { ev: 'chat.reactions', data: { id: '2', reactions: { '👍': 4 } } });
    expect(next.messages[1]?.reactions).toEqual({ '👍': 4 });
  });

  it('keeps the newest messages only', () => {
    const long = Array.from({ length: KEPT + 5 }, (_, at) => message(`m${at}`));
    const end = long.reduce((held, data) => reduce(held, { ev: 'chat.message', data }), state);
    expect(end.messages).toHaveLength(KEPT);
    expect(end.messages.at(-1)?.id).toBe(`m${KEPT + 4}`);
  });
});
