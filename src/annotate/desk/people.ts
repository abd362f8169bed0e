import type { CampaignContext } from '../../campaign/campaign-context.ts';
import type { PersonalLink } from '../../store/people-store.ts';
import { lookOf } from './alike-names.ts';
import { annotatorName } from './annotator-name.ts';
import { DeskError } from './desk-error.ts';

/** More than any team has. A shared link could otherwise be used to fill the disk with names. */
const MOST_LINKS = 1000;

/** The people of a campaign: their names, and the links that give them access. */
export class People {
  readonly #state: CampaignContext['state'];
  /** Names that were found in the state. */
  #known: ReadonlySet<string> = new Set();

  constructor({ state }: Pick<CampaignContext, 'state'>) {
    this.#state = state;
  }

  /**
   * The name as it is stored. A new name must not look like one that is used.
   * @throws DeskError NAME_MISSING, NAME_TOO_LONG, NAME_UNUSABLE, NAME_ALIKE
   */
  nameOf(given: string): string {
    const name = annotatorName(given);
    if (this.#isKnown(name)) return name;
    const look = lookOf(name);
    const other = [...this.#known].find((known) => lookOf(known) === look);
    if (other === undefined) return name;
    throw new DeskError('NAME_ALIKE', `This name looks like "${other}", which is already used.`, {
      hint: `If you are ${other}, use exactly that name. If not, add your family name.`,
    });
  }

  /** All links, in the order they were made, revoked ones among them. */
  links(): readonly PersonalLink[] {
    return this.#state.people.links();
  }

  link(id: number): PersonalLink | undefined {
    return this.#state.people.link(id);
  }

  /**
   * A person's link: the one they have, or a new one.
   * @throws DeskError as `nameOf`; TOO_MANY_PEOPLE
   */
  invite(given: string): PersonalLink {
    return this.#state.transaction(() => {
      const name = this.nameOf(given);
      return this.#activeLink(name) ?? this.#addLink(name);
    });
  }

  /**
   * A link for a person who is new. With a name that is used, they could act as someone else.
   * @throws DeskError as `nameOf`; NAME_TAKEN; TOO_MANY_PEOPLE
   */
  join(given: string): PersonalLink {
    return this.#state.transaction(() => {
      const name = this.nameOf(given);
      if (!this.#isKnown(name)) return this.#addLink(name);
      throw new DeskError('NAME_TAKEN', 'This name is already used.', {
        hint: 'If it is yours, open your personal link: your project lead has it. If not, choose another name.',
      });
    });
  }

  /** Ends the access that a link gives. The person's work stays. @throws DeskError NO_SUCH_LINK */
  revoke(id: number): void {
    this.#state.transaction(() => {
      if (this.link(id) === undefined) {
        throw new DeskError('NO_SUCH_LINK', 'This link does not exist.', { hint: 'Reload the page.' });
      }
      this.#state.people.revokeLink(id);
    });
  }

  #activeLink(name: string): PersonalLink | undefined {
    return this.links().findLast(({ annotator, revokedAtMs }) => annotator === name && revokedAtMs === null);
  }

  #addLink(name: string): PersonalLink {
    if (this.links().length < MOST_LINKS) return this.#state.people.addLink(name);
    throw new DeskError('TOO_MANY_PEOPLE', `This campaign has ${MOST_LINKS} personal links, which is the most.`, {
      hint: 'Ask your project lead for access.',
    });
  }

  /** Names are only ever added, so a name that was found once is known. */
  #isKnown(name: string): boolean {
    if (!this.#known.has(name)) this.#known = new Set(this.#state.people.names());
    return this.#known.has(name);
  }
}
