/** Reading tickets without the hub: `PLT1.`, the ids of conference and participant, and the signature over them. */
export interface Ticket {
  conference: string;
  participant: string;
  /** What is signed. */
  signed: Uint8Array<ArrayBuffer>;
  signature: Uint8Array<ArrayBuffer>;
}

const MARK = 'PLT1';
const ID_BYTES = 16;
const SIGNATURE_BYTES = 64;
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };

/** What a text claims to be, before its signature is checked; null when it is no ticket at all. */
export function readTicket(text: string): Ticket | null {
  const [mark, body, signature, more] = text.trim().split('.');
  if (mark !== MARK || more !== undefined) return null;
  const ids = bytesOf(body ?? '');
  const signed = bytesOf(signature ?? '');
  if (ids?.length !== 2 * ID_BYTES || signed?.length !== SIGNATURE_BYTES) return null;
  return {
    conference: idText(ids.subarray(0, ID_BYTES)),
    participant: idText(ids.subarray(ID_BYTES)),
    signed: new Uint8Array([...new TextEncoder().encode(MARK), ...ids]),
    signature: signed,
  };
}

/** Plain http has no cryptography: there only the hub can tell a true ticket. */
export const canVerify = (): boolean => globalThis.crypto?.subtle !== undefined;

/** Whether the organisation signed it. */
export async function isTrue(ticket: Ticket, key: JsonWebKey): Promise<boolean> {
  const read = await crypto.subtle.importKey('jwk', key, ALGORITHM, false, ['verify']);
  return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, read, ticket.signature, ticket.signed);
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

/** 128 bits as the hub prints them: 26 characters of Crockford's base 32. */
export function idText(bytes: Uint8Array): string {
  let bits = bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
  let text = '';
  for (let place = 0; place < 26; place++) {
    text = `${LETTERS[Number(bits & 31n)] ?? ''}${text}`;
    bits >>= 5n;
  }
  return text;
}
