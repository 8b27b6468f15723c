import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Codec } from '../src/codec/codec.ts';
import { json } from '../src/codec/json.ts';
import { msgpack } from '../src/codec/msgpack.ts';
import { type Command, command, serverMessages } from '../src/wire.ts';

interface Case {
  name: string;
  codec: string;
  text?: string;
  hex?: string;
  meaning: object;
}

const CODECS = new Map<string, Codec>([json, msgpack()].map((codec) => [codec.subprotocol, codec]));

function golden(file: string): Case[] {
  return JSON.parse(readFileSync(new URL(`../../protocol/golden/${file}`, import.meta.url), 'utf8')) as Case[];
}

function frameOf({ text, hex }: Case): string | ArrayBuffer {
  return text ?? new Uint8Array(Buffer.from(hex ?? '', 'hex')).buffer;
}

function written(frame: string | Uint8Array): string {
  return typeof frame === 'string' ? frame : Buffer.from(frame).toString('hex');
}

function codecOf(item: Case): Codec {
  const codec = CODECS.get(item.codec);
  if (!codec) throw new Error(`${item.codec} is no codec of the SDK`);
  return codec;
}

describe.each(['commands.json', 'replies.json', 'pushes.json'])('%s', (file) => {
  it.each(golden(file))('$name in $codec', (item) => {
    const codec = codecOf(item);
    expect(codec.decode(frameOf(item))).toEqual(item.meaning);
    expect(written(codec.encode(item.meaning))).toBe(item.text ?? item.hex);
  });
});

describe('the SDK writes commands', () => {
  it.each(golden('commands.json'))('$name in $codec', (item) => {
    const { id, ...request } = item.meaning as Command;
    const shuffled = Object.fromEntries(Object.entries(request).reverse()) as typeof request;
    expect(written(codecOf(item).encode(command(id, shuffled)))).toBe(item.text ?? item.hex);
  });
});

describe('the SDK reads what a hub sends', () => {
  it.each([...golden('replies.json'), ...golden('pushes.json')])('$name in $codec', (item) => {
    const codec = codecOf(item);
    expect(serverMessages(codec.decode(frameOf(item)))).toEqual([item.meaning]);
  });

  it('and refuses what a hub does not send', () => {
    for (const frame of [null, 5, 'x', {}, { re: 1 }, { re: 1, ok: [] }, { ev: 'x' }, [[]]]) {
      expect(() => serverMessages(frame)).toThrow(TypeError);
    }
    expect(() => json.decode(new ArrayBuffer(1))).toThrow(TypeError);
    expect(() => msgpack().decode('x')).toThrow(TypeError);
  });
});
