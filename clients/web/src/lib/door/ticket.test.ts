import { describe, expect, it } from 'vitest';
import { idText, isTrue, readTicket } from './ticket';

const url = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** A ticket as a hub signs it, and its public key. */
async function made(): Promise<{ text: string; key: JsonWebKey }> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const ids = Uint8Array.from({ length: 32 }, (_, at) => at);
  const signed = new Uint8Array([...new TextEncoder().encode('PLT1'), ...ids]);
  const signature = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, signed));
  return { text: `PLT1.${url(ids)}.${url(signature)}`, key: await crypto.subtle.exportKey('jwk', pair.publicKey) };
}

describe('a ticket', () => {
  it('is read and checked without a hub', async () => {
    const { text, key } = await made();
    const ticket = readTicket(` ${text}\n`);
    expect(ticket?.conference).toBe('00041061050R3GG28A1C60T3GF');
    expect(ticket && (await isTrue(ticket, key))).toBe(true);
  });

  it('of somebody else, or changed by one letter, is not true', async () => {
    const { text, key } = await made();
    const changed = readTicket(text.replace('PLT1.A', 'PLT1.B'));
    expect(changed && (await isTrue(changed, key))).toBe(false);
    const other = readTicket((await made()).text);
    expect(other && (await isTrue(other, key))).toBe(false);
  });

  it('is nothing else that a camera sees', () => {
    for (const text of ['', 'PLT1', 'PLT1.a.b', 'https://example.org/j/ABC', 'PLR1.a.b', 'PLT1.%.%']) expect(readTicket(text)).toBe(null);
  });
});

it('ids are printed as the hub prints them', () => {
  expect(idText(new Uint8Array(16).fill(255))).toBe('7ZZZZZZZZZZZZZZZZZZZZZZZZZ');
  expect(idText(new Uint8Array(16))).toBe('0'.repeat(26));
});
