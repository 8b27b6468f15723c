/** What a door knows of someone. */
export interface Expected {
  id: string;
  name: string;
  status: string;
  /** When they came in at this door, RFC 3339. */
  in_at: string | null;
}

/** A scan that counts, as the hub has it. */
export interface FirstScan {
  id: string;
  at: string;
  device: string;
}

/** What the hub says of a scan. */
export interface Told {
  id: string | null;
  outcome: 'admitted' | 'already' | 'refused';
  reason: string | null;
  participant_id: string | null;
  name: string | null;
  first: FirstScan | null;
}

/**
 * What someone at the door is told. `welcome`, `already` in; `off`: no place, or not any more; `other` conference;
 * `invalid`: no true ticket; `unsure`: only the hub can tell, and it is not there.
 */
export type Kind = 'welcome' | 'already' | 'off' | 'other' | 'invalid' | 'unsure';

export interface Verdict {
  kind: Kind;
  name: string | null;
  /** When they came in first, RFC 3339, and what the device there calls itself. */
  at: string | null;
  device: string | null;
}

/** A scan at this device. */
export interface Scan {
  /** Made here: told twice, it is the same scan. */
  id: string;
  conference: string;
  session: string | null;
  ticket: string | null;
  participant: string | null;
  at: string;
  device: string;
  verdict: Verdict;
  /** The hub has it. */
  told: boolean;
}

const plain = (kind: Kind, name: string | null = null): Verdict => ({ kind, name, at: null, device: null });

/** The verdict on somebody by what this device knows. Who is not on its list registered since it was read. */
export function judge(person: Expected | undefined): Verdict {
  if (person === undefined) return plain('welcome');
  if (person.status !== 'confirmed') return plain('off', person.name);
  return { ...plain(person.in_at === null ? 'welcome' : 'already', person.name), at: person.in_at };
}

export const refused = (kind: 'other' | 'invalid' | 'unsure'): Verdict => plain(kind);

/** The hub's word, which counts: it knows what other devices saw. */
export function fromHub(told: Told, mine: Verdict): Verdict {
  const name = told.name ?? mine.name;
  if (told.outcome === 'admitted') return plain('welcome', name);
  if (told.outcome === 'refused') return plain(told.reason === 'NOT_CONFIRMED' ? 'off' : 'invalid', name);
  return { kind: 'already', name, at: told.first?.at ?? null, device: told.first?.device ?? null };
}

/** Whether the hub is to hear of it when there is no network: whoever was sent away did not come in. */
export const isKept = ({ kind }: Verdict): boolean => kind === 'welcome' || kind === 'already' || kind === 'unsure';

/** People whose name has all the words, case and accents aside; at most so many. */
export function search(people: Iterable<Expected>, text: string, most: number): Expected[] {
  const words = fold(text).split(' ').filter((word) => word !== '');
  const found: Expected[] = [];
  if (words.length === 0) return found;
  for (const person of people) {
    const name = fold(person.name);
    if (words.every((word) => name.includes(word)) && found.push(person) === most) break;
  }
  return found;
}

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim().replace(/\s+/g, ' ');
