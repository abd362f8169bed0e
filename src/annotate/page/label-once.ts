import type { LabelAnswer, LabelRequest } from '../server/web-api.ts';
import { asRequestError, type DeskApi } from './desk-api.ts';
import { sameText } from './kept-drafts.ts';

/**
 * Submits a label. Where the server has this very label already, because the answer to an earlier try was lost, that is
 * as good as the answer.
 */
export async function labelOnce(api: DeskApi, number: number, request: LabelRequest): Promise<LabelAnswer> {
  try {
    return await api.label(number, request);
  } catch (error) {
    const problem = asRequestError(error);
    if (problem.writing?.submitted !== true || !sameText(problem.writing, request)) throw problem;
    const answer = await api.open(number);
    if (answer.item.verdict !== request.verdict) throw problem;
    return answer;
  }
}
