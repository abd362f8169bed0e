// Ends with exit code 1 where the project uses words that its readers stumble over.
import { avoidedWordsOfProject } from './plain-words.ts';

const found = avoidedWordsOfProject();
for (const { file, line, word } of found) console.error(`${file}:${line} says "${word}": use plain English.`);
if (found.length > 0) process.exitCode = 1;
