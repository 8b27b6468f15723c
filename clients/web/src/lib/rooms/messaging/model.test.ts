import { describe, expect, it } from 'vitest';
import { KEPT, reduce, reported, talk, type ChatState, type Message } from './model.svelte';

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

  it('is whole with its history, each message once', () => {
    const read = [message('0'), message('1')];
    expect(talk(read, state.messages).map(({ id }) => id)).toEqual(['0', '1', '2']);
  });

  it('lists what was reported while it stands, the most reported first', () => {
    const report = (id: string, reports: number): object => ({ message: id, reports, reasons: [] });
    const reports = [report('1', 1), report('2', 3), report('gone', 9)] as ChatState['reports'];
    expect(reported({ ...state, reports } as ChatState).map(({ message: { id } }) => id)).toEqual(['2', '1']);
  });

  it('keeps the newest messages only', () => {
    const long = Array.from({ length: KEPT + 5 }, (_, at) => message(`m${at}`));
    const end = long.reduce((held, data) => reduce(held, { ev: 'chat.message', data }), state);
    expect(end.messages).toHaveLength(KEPT);
    expect(end.messages.at(-1)?.id).toBe(`m${KEPT + 4}`);
  });
});
