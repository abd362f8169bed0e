import { ReplyError } from '../../../domain/errors.ts';

/** @throws ReplyError unless there are `count` different ids, all of them of this prompt; it says what the model can do */
export function checkIds(chosen: readonly string[], ids: ReadonlySet<string>, count: number): void {
  const unknown = chosen.filter((id) => !ids.has(id));
  if (unknown.length > 0) {
    const names = unknown.slice(0, 5).map((id) => JSON.stringify(id.slice(0, 40)));
    throw new ReplyError(
      `${names.join(', ')} ${unknown.length === 1 ? 'is not the id' : 'are not ids'} of a candidate.`,
    );
  }
  const seen = new Set<string>();
  const repeated = chosen.find((id) => seen.size === seen.add(id).size);
  if (repeated !== undefined) throw new ReplyError(`the id "${repeated}" is chosen more than once.`);
  if (chosen.length !== count) {
    throw new ReplyError(`it has ${chosen.length} choices where exactly ${count} are asked for.`);
  }
}
