import { formatUsd } from '../../domain/money.ts';
import { type Spelling, spellWording } from '../../domain/wording.ts';
import type { Check, ChecksDone } from '../../runs/check/check-models.ts';
import { colors } from './colors.ts';
import { safeLine } from './safe-text.ts';

const LONGEST = 400;

/** What works and what does not, each with what was found. */
export function renderChecks({ checks, costMicroUsd }: ChecksDone, spelling: Spelling): string {
  const lines = checks.flatMap((check) => [
    `${check.works ? colors.green('ok  ') : colors.red('FAIL')}  ${check.what}: ${safeLine(check.which, LONGEST)}`,
    ...linesOf(check, spelling).map((line) => `      ${safeLine(line, LONGEST)}`),
  ]);
  const none = checks.length === 0 ? ['Nothing to try: no model is asked over a network.'] : [];
  return `${[...lines, ...none, `Spent ${formatUsd(costMicroUsd)}.`].join('\n')}\n`;
}

/** The same for machines. */
export function checksDocument({ checks, costMicroUsd }: ChecksDone, spelling: Spelling): object {
  return {
    checks: checks.map(({ error, findings, ...check }) => ({
      ...check,
      findings: findings.map((finding) => spellWording(finding, spelling)),
      error: error === undefined ? null : { code: error.code, ...error.spelled(spelling) },
    })),
    costMicroUsd,
  };
}

function linesOf({ findings, error }: Check, spelling: Spelling): readonly string[] {
  if (error === undefined) return findings.map((finding) => spellWording(finding, spelling));
  const { message, hint } = error.spelled(spelling);
  return hint === undefined ? [message] : [message, hint];
}
