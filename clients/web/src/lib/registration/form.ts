import type { Key } from '$lib/i18n/i18n.svelte';

/** What a conference asks of those who register, and what they agree to. */
export const KINDS = ['text', 'long_text', 'choice', 'choices', 'yes_no', 'number', 'country'] as const;
export type FieldKind = (typeof KINDS)[number];

interface Question {
  /** What the answer is kept under. */
  id: string;
  label: string;
  /** What helps to answer it; may be empty. */
  help: string;
  kind: FieldKind;
  required: boolean;
  /** What can be answered, the same in every language. */
  options: string[];
}

/** A question as somebody reads it. */
export interface Asked extends Question {
  /** What each option is called, in their order. */
  option_labels: string[];
  /** The language that the label is in; null for the conference's own. */
  language: string | null;
}

/** A question in one more language: what is empty is read in the conference's own. */
export interface FieldTexts {
  label: string;
  help: string;
  /** By the options' own texts. */
  options: Record<string, string>;
}

/** A question as it is made. */
export interface FormField extends Question {
  texts: Record<string, FieldTexts>;
}

interface Agreement {
  id: string;
  label: string;
  required: boolean;
}

/** A consent as somebody reads it. */
export interface Agreed extends Agreement {
  language: string | null;
}

/** A consent as it is made. */
export interface Consent extends Agreement {
  texts: Record<string, { label: string }>;
}

/** What a field's input holds: a text, the ticked options, or yes and no. */
export type Input = string | string[] | boolean;

/** A form as it is being filled in. */
export interface Draft {
  name: string;
  email: string;
  answers: Record<string, Input>;
  consents: string[];
}

/** What is wrong, by the names that the hub has for it too: `email`, `answers.meal`, `consents.rules`. */
export type Faults = Record<string, Key>;

export function blank(fields: readonly Question[]): Draft {
  const empty = ({ kind }: Question): Input => (kind === 'choices' ? [] : kind === 'yes_no' ? false : '');
  return { name: '', email: '', answers: Object.fromEntries(fields.map((field) => [field.id, empty(field)])), consents: [] };
}

/** What would be refused, told before it is sent. The hub has the last word. */
export function faultsOf(draft: Draft, fields: readonly Question[], consents: readonly Agreement[]): Faults {
  const faults: Faults = {};
  if (draft.name.trim() === '') faults['name'] = 'register.missing';
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(draft.email.trim())) faults['email'] = 'register.wrong.email';
  for (const field of fields) {
    const given = answer(field, draft.answers[field.id]);
    if (field.required && given === undefined) faults[`answers.${field.id}`] = 'register.missing';
    else if (field.kind === 'number' && given !== undefined && !Number.isSafeInteger(given)) faults[`answers.${field.id}`] = 'register.wrong.number';
  }
  for (const { id, required } of consents) if (required && !draft.consents.includes(id)) faults[`consents.${id}`] = 'register.wrong.consent';
  return faults;
}

/** The hub's own objections, in words of the page's language: which field it is, it says; why, only in English. */
export function faultsFrom(details: Record<string, unknown>): Faults {
  const known: Record<string, Key> = { email: 'register.wrong.email' };
  return Object.fromEntries(Object.keys(details).map((name) => [name, known[name] ?? 'register.wrong']));
}

/** What is sent: answers that were given, as JSON has them. */
export function bodyOf(draft: Draft, fields: readonly Question[]): { name: string; email: string; answers: Record<string, unknown>; consents: string[] } {
  const given = fields.map((field) => [field.id, answer(field, draft.answers[field.id])] as const);
  const answers = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  return { name: draft.name.trim(), email: draft.email.trim(), answers, consents: [...draft.consents] };
}

function answer({ kind }: Question, input: Input | undefined): unknown {
  if (typeof input === 'boolean') return input;
  if (Array.isArray(input)) return input.length > 0 ? input : undefined;
  const text = (input ?? '').toString().trim();
  if (text === '') return undefined;
  return kind === 'number' ? Number(text) : text;
}

/** An answer that was kept, for people to read. */
export function inWords(value: unknown, yes: string, no: string): string {
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? yes : no;
  return value === null || value === undefined ? '' : String(value);
}

/** An id for something that has a label in any script, unlike those that are taken. */
export function idFor(label: string, taken: readonly string[], fallback: string): string {
  const folded = label.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '_');
  const base = folded.replace(/^_+|_+$/g, '').slice(0, 32).replace(/_+$/, '') || fallback;
  if (!taken.includes(base)) return base;
  for (let n = 2; ; n++) if (!taken.includes(`${base}_${n}`)) return `${base}_${n}`;
}
