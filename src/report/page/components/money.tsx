import { formatUsdExactly, type MicroUsd } from '../../../domain/money.ts';
import { dollars } from './wording.ts';

/** An amount at a glance, to the micro-dollar on demand; nothing → a dash. */
export function Money({ amount }: { amount: MicroUsd | null }) {
  const brief = dollars(amount);
  const exact = amount === null ? brief : formatUsdExactly(amount);
  return <span title={exact === brief ? undefined : exact}>{brief}</span>;
}
