import type { SelectionGain } from './selection-gain.ts';

/** What selecting gains, in one or two sentences. */
export function gainSentence(gain: SelectionGain): string {
  const { verdict, labels, worth, difference, moreTestLabels, tellable } = gain;
  const measured = `${points(difference.mean)} ROUGE-L points (95 %: ${range(difference.interval)}) on ${count(difference.count)} test items`;
  if (verdict === 'no-gain') {
    return `No gain shown: ${labels} selected labels score ${measured} against ${labels} random ones.`;
  }
  if (verdict === 'cannot-tell') {
    return `Cannot tell yet if selecting helps: ${measured}; about ${about(moreTestLabels)} more would show ±${(100 * tellable).toFixed(1)} points.`;
  }
  const verb = verdict === 'helps' ? 'Selecting helps' : 'Selecting hurts';
  if (worth === null) return `${verb}: ${labels} selected labels score ${measured} against ${labels} random ones.`;
  const { low, high } = worth.interval!;
  const saved = Math.round(worth.mean - labels);
  const saves = verdict === 'helps' && saved > 0 ? `${count(saved)} labels saved; ` : '';
  return `${verb}: ${labels} selected labels score like ${most(worth.mean, labels)} random ones (95 %: ${count(Math.round(low))} to ${most(high, labels)}); ${saves}${measured}.`;
}

/** A number up to which random labels are told: ten times as many as are selected. */
function most(value: number, labels: number): string {
  return value >= 10 * labels ? `more than ${count(10 * labels)}` : count(Math.round(value));
}

/** 237 → "240": two digits say enough of an estimate. */
function about(value: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return count(Math.ceil(value / unit) * unit);
}

function range(interval: SelectionGain['difference']['interval']): string {
  return interval === null ? 'unknown' : `${points(interval.low)} to ${points(interval.high)}`;
}

/** ROUGE-L as people write it, in points of 100. */
function points(value: number): string {
  const shown = Math.abs(100 * value).toFixed(1);
  return shown === '0.0' ? shown : `${value < 0 ? '−' : '+'}${shown}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
