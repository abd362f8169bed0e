import { formatUsdExactly, type MicroUsd } from '../../../domain/money.ts';
import { dollars } from './wording.ts';

/** An amount at a glance, to the micro-dollar on demand; nothing → a dash. */
export function Money({ amount }: { amount: MicroUsd | null }) {
  const brief = dollars(amount);
  if (amount === null) return <>{brief}</>;
  const exact = formatUsdExactly(amount);
  return exact === brief ? <>{brief}</> : <span title={exact}>{brief}</span>;
}
