import { all, signed } from './signed';

/** A day of the programme. */
export interface Day {
  /** `2026-11-22`, in the conference's zone. */
  date: string;
  title: string | null;
  /** RFC 3339. */
  starts_at: string;
  ends_at: string;
  chair_id: string | null;
  chair_name: string | null;
}

/** Someone of the programme: who speaks, or chairs. */
export interface Person {
  id: string;
  name: string;
  affiliation: string | null;
}

/** One hall, or one person, in two sessions at once. */
export interface Clash {
  kind: 'hall' | 'speaker' | 'chair';
  id: string;
  name: string;
  sessions: { id: string; title: string }[];
  /** RFC 3339. */
  from: string;
  until: string;
}

export const daysOf = (conference: string): Promise<Day[]> => signed(`/conferences/${conference}/programs`);
export const peopleOf = (conference: string): Promise<Person[]> => all(`/conferences/${conference}/people?sort=name`);
export const clashesOf = (conference: string): Promise<Clash[]> => all(`/conferences/${conference}/clashes`);

export function createPerson(conference: string, name: string): Promise<Person> {
  return signed(`/conferences/${conference}/people`, { method: 'POST', body: { name } });
}

/** Gives a day its chair, or none. Days are written all at once, so they are read again just before. */
export async function setChair(conference: string, date: string, chair: string | null): Promise<Day[]> {
  const days = chaired(await daysOf(conference), date, chair);
  return signed(`/conferences/${conference}/programs`, { method: 'PUT', body: { days } });
}

type NewDay = Pick<Day, 'date' | 'chair_id'> & Partial<Pick<Day, 'title' | 'starts_at' | 'ends_at'>>;

/** The days as they are to be, with this chair; a day that was not said yet is one from midnight to midnight. */
export function chaired(days: readonly Day[], date: string, chair_id: string | null): NewDay[] {
  const kept = days.map(({ title, starts_at, ends_at, ...day }): NewDay => ({
    date: day.date,
    ...(title !== null && { title }),
    starts_at,
    ends_at,
    chair_id: day.date === date ? chair_id : day.chair_id,
  }));
  return kept.some((day) => day.date === date) || chair_id === null ? kept : [...kept, { date, chair_id }];
}

/** People whose name or affiliation has every word of a text, whatever its case and accents. */
export function found(people: readonly Person[], text: string): Person[] {
  const folded = (raw: string) => raw.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
  const words = folded(text).split(/\s+/).filter((word) => word !== '');
  return people.filter(({ name, affiliation }) => {
    const whole = folded(`${name} ${affiliation ?? ''}`);
    return words.every((word) => whole.includes(word));
  });
}
