import { ApiError } from '$lib/state/api';
import { newKey } from '$lib/state/key';
import { readRoll, tell } from './hub';
import { keepRoll, keepScan, rollOf, scansOf, tidy, type Roll } from './memory';
import { canVerify, isTrue, readTicket } from './ticket';
import { fromHub, isKept, judge, refused, search, type Expected, type Scan, type Verdict } from './verdict';

const FOUND_MOST = 20;
const SHOWN_MOST = 50;

/**
 * A door: it judges by what this device knows, keeps each scan under an id of its own, and tells the hub when it can. What
 * the hub says then counts.
 */
export class Door {
  roll = $state.raw<Roll | null>(null);
  /** The latest first. */
  scans = $state.raw<Scan[]>([]);
  /** What the person at the door is told now. */
  shown = $state<string | null>(null);
  /** The hub was not reached when it was last asked. */
  alone = $state(false);
  fault = $state.raw<unknown>(null);
  reading = $state(false);
  #people = new Map<string, Expected>();
  #telling: Promise<void> | null = null;

  constructor(
    readonly conference: string,
    readonly session: string | null,
    readonly device: () => string,
  ) {}

  get waiting(): number {
    return this.scans.filter((scan) => !scan.told && isKept(scan.verdict)).length;
  }

  /** What this device remembers at once, then what the hub has. */
  async open(): Promise<void> {
    const [roll, scans] = await Promise.all([
      rollOf(this.conference, this.session).catch(() => undefined),
      scansOf(this.conference).catch(() => []),
    ]);
    this.scans = scans;
    if (roll) this.#take(roll);
    await this.sync();
    await this.refresh();
  }

  /** Reads the list again; without a network the old one stays. */
  async refresh(): Promise<void> {
    this.reading = true;
    await this.#ask(async () => {
      const roll = await readRoll(this.conference, this.session);
      this.#take(roll);
      await keepRoll(roll).catch(() => undefined);
    });
    this.reading = false;
  }

  /** Copies: what is shown is not what changes. */
  find(text: string): Expected[] {
    return search(this.#people.values(), text, FOUND_MOST).map((person) => ({ ...person }));
  }

  /** A code that the camera saw, or that somebody typed. */
  async scan(text: string): Promise<void> {
    const ticket = readTicket(text);
    if (ticket === null) return this.#add({ verdict: refused('invalid') });
    if (ticket.conference !== this.conference) return this.#add({ verdict: refused('other') });
    const key = this.roll?.key;
    if (key === undefined || !canVerify()) return this.#add({ verdict: refused('unsure'), ticket: text.trim() });
    if (!(await isTrue(ticket, key).catch(() => false))) return this.#add({ verdict: refused('invalid') });
    const person = this.#people.get(ticket.participant);
    return this.#add({ verdict: judge(person), ticket: text.trim(), participant: ticket.participant });
  }

  /** Somebody who was found by name. */
  async admit(person: Expected): Promise<void> {
    await this.#add({ verdict: judge(this.#people.get(person.id) ?? person), participant: person.id });
  }

  /** Tells what the hub does not have yet. */
  async sync(): Promise<void> {
    this.#telling ??= this.#tell().finally(() => (this.#telling = null));
    await this.#telling;
  }

  async #add(what: { verdict: Verdict; ticket?: string; participant?: string }): Promise<void> {
    const { verdict, ticket = null, participant = null } = what;
    const { conference, session } = this;
    const at = new Date().toISOString();
    const scan: Scan = { id: newKey(), conference, session, ticket, participant, at, device: this.device(), verdict, told: false };
    this.scans = [scan, ...this.scans].slice(0, Math.max(SHOWN_MOST, this.waiting + 1));
    this.shown = scan.id;
    navigator.vibrate?.(verdict.kind === 'welcome' ? 80 : [80, 60, 80]);
    if (verdict.kind === 'welcome' && participant !== null) this.#arrived(participant, at);
    if (isKept(verdict)) await keepScan(scan).catch(() => undefined);
    // Who is not to come in by this device's list may have got a place since: the hub is asked, but nothing is kept.
    if (verdict.kind === 'off') await this.#ask(() => this.#hear([scan]));
    else await this.sync();
  }

  async #tell(): Promise<void> {
    for (;;) {
      const waiting = this.scans.filter((scan) => !scan.told && isKept(scan.verdict));
      if (waiting.length === 0) return;
      if (!(await this.#ask(() => this.#hear(waiting)))) return;
    }
  }

  /** What the hub says of scans, each for itself. */
  async #hear(scans: readonly Scan[]): Promise<void> {
    const told = await tell(this.conference, scans);
    for (const [at, scan] of scans.entries()) {
      const word = told[at];
      if (word === undefined) continue;
      const verdict = fromHub(word, scan.verdict);
      const heard = { ...scan, verdict, told: true, participant: word.participant_id ?? scan.participant };
      this.scans = this.scans.map((one) => (one.id === scan.id ? heard : one));
      if (word.first && heard.participant !== null) this.#arrived(heard.participant, word.first.at);
      await keepScan(heard).catch(() => undefined);
    }
    await tidy(this.conference).catch(() => undefined);
  }

  /** Asks the hub; false when it was not reached or said no. */
  async #ask(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.alone = false;
      this.fault = null;
      return true;
    } catch (error) {
      this.alone = !(error instanceof ApiError);
      this.fault = error instanceof ApiError ? error : null;
      return false;
    }
  }

  #take(roll: Roll): void {
    this.roll = roll;
    this.#people = new Map(roll.people.map((person) => [person.id, person]));
    for (const { verdict, participant, session, at } of this.scans) {
      if (verdict.kind === 'welcome' && participant !== null && session === this.session) this.#arrived(participant, at);
    }
  }

  /** At this door; the earliest time stays. */
  #arrived(id: string, at: string): void {
    const person = this.#people.get(id);
    if (person !== undefined && (person.in_at === null || Date.parse(at) < Date.parse(person.in_at))) person.in_at = at;
    if (person === undefined) this.#people.set(id, { id, name: '', status: 'confirmed', in_at: at });
  }
}
