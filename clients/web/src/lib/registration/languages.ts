import type { Consent, FieldTexts, FormField } from './form';

/** Languages that are offered for the texts of a conference; any other can be added over REST. */
export const OFFERED = 'ar bn cs da de el en es et fa fi fr he hi hr hu hy id it ja ka ko lt lv ms nb nl pl pt ro ru sk sl sq sr sv sw ta th tr uk ur vi zh'.split(' ');

const NOTHING: FieldTexts = { label: '', help: '', options: {} };

/** A field's texts in a language, to be written into. */
export function textsOf(field: FormField, language: string): FieldTexts {
  return field.texts[language] ?? NOTHING;
}

export function write(field: FormField, language: string, change: Partial<FieldTexts>): void {
  field.texts[language] = { ...textsOf(field, language), ...change };
}

/** Options under their new texts: where one was only reworded, what it is called elsewhere stays with it. */
export function reworded(field: FormField, options: string[]): Pick<FormField, 'options' | 'texts'> {
  if (options.length !== field.options.length) return { options, texts: field.texts };
  const now = new Map(field.options.map((option, at) => [option, options[at] ?? option]));
  const moved = (texts: FieldTexts): FieldTexts => ({
    ...texts,
    options: Object.fromEntries(Object.entries(texts.options).map(([own, text]) => [now.get(own) ?? own, text])),
  });
  return { options, texts: mapped(field.texts, moved) };
}

/** Only what is said, in these languages, of options that there are. */
export function tidied<T extends FormField | Consent>(line: T, languages: readonly string[]): T {
  const kept = Object.entries(line.texts as Record<string, Partial<FieldTexts>>).filter(([language]) => languages.slice(1).includes(language));
  const options = 'options' in line ? line.options : [];
  const texts = kept.map(([language, said]) => {
    const label = said.label?.trim() ?? '';
    if (!('options' in line)) return [language, { label }] as const;
    const called = options.map((own) => [own, said.options?.[own]?.trim() ?? ''] as const).filter(([, text]) => text !== '');
    return [language, { label, help: said.help?.trim() ?? '', options: Object.fromEntries(called) }] as const;
  });
  return { ...line, texts: Object.fromEntries(texts) };
}

/** How many texts of a form a language lacks. */
export function lacking(fields: readonly FormField[], consents: readonly Consent[], language: string): number {
  const empty = (text: string | undefined) => (text ?? '').trim() === '';
  const ofField = (field: FormField) => {
    const said = textsOf(field, language);
    const all = [said.label, ...(field.help === '' ? [] : [said.help]), ...field.options.map((own) => said.options[own])];
    return all.filter(empty).length;
  };
  const inFields = fields.reduce((sum, field) => sum + ofField(field), 0);
  return inFields + consents.filter((consent) => empty(consent.texts[language]?.label)).length;
}

function mapped<T>(texts: Record<string, T>, change: (one: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(texts).map(([language, one]) => [language, change(one)]));
}
