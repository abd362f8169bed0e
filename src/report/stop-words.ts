/** English words that say nothing of what a text is about, and those that instructions are full of. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about above after again against all also am an and any are aren't as at be because been before being below between
  both but by can cannot can't come could couldn't did didn't do does doesn't doing don't down during each else etc few
  for from further get give given go got had has hasn't have haven't having he her here hers herself him himself his how
  however i i'd i'll i'm i've if in into is isn't it it's its itself just let let's like make many may me might more most
  much must my myself need no nor not now of off on once one only or other ought our ours out over own per please said
  same say says shall she should so some such take than that that's the their theirs them themselves then there these
  they they're this those though three through to too two under until up upon us use used using very want was wasn't way
  we we're well were weren't what what's when where whether which while who whom whose why will with within without won't
  would wouldn't yet you you'd you'll you're your yours yourself answer question following provide write text`.split(
    /\s+/,
  ),
);
