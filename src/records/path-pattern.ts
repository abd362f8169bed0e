/** Whether a path has signs of a pattern. */
export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** The part of a pattern before its first sign. */
export function literalStart(pattern: string): string {
  return pattern.slice(0, Math.max(0, pattern.search(/[*?[{]|$/)));
}

/** A pattern of paths with `*`, `**`, `?`, `[abc]` and `{one,two}`, as an expression for whole paths. */
export function patternExpression(pattern: string): RegExp {
  let inBraces = 0;
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|\[[^\]]*\]|[{},]|[.+^$()|\\\]]/g, (sign) => {
    if (sign === '**/') return '(?:.*/)?';
    if (sign === '**') return '.*';
    if (sign === '*') return '[^/]*';
    if (sign === '?') return '[^/]';
    if (sign.startsWith('[') && sign.length > 1) return sign.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    if (sign === '{') {
      inBraces += 1;
      return '(?:';
    }
    if (sign === '}' && inBraces > 0) {
      inBraces -= 1;
      return ')';
    }
    if (sign === ',') return inBraces > 0 ? '|' : ',';
    return `\\${sign}`;
  });
  return new RegExp(`^${source}$`);
}
