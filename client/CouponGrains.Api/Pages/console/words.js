// What is said in which language. The English text is the key; a test holds that every one has its Chinese.
import { api } from './zh-api.js';
import { learn } from './zh-learn.js';
import { operate } from './zh-operate.js';
import { refusals } from './zh-refusals.js';
import { zh as first } from './zh.js';

const zh = { ...first, ...learn, ...operate };
const kept = localStorage.getItem('language');

/** The language of the page: `en` or `zh`. */
export const language = kept ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');

/** Has the page speak another language from its next drawing on. */
export function speak(other) {
  localStorage.setItem('language', other);
  location.reload();
}

/** Texts of the pages that were asked for in Chinese and are not there. */
export const untranslated = new Set();

/** A text in the language of the page; `{name}` stands for a value. */
export function t(text, values) {
  if (language === 'zh' && !(text in zh)) untranslated.add(text);
  const said = language === 'zh' ? (zh[text] ?? text) : text;
  return values ? said.replace(/\{(\w+)\}/g, (_, name) => values[name]) : said;
}

/** What the API says, in the language of the page as far as it is known. */
export const told = text => (language === 'zh' ? (api[text] ?? text) : text);

/** Why the API refuses, where it is not told in its own words. */
export const refusal = code => (language === 'zh' ? refusals[code] : undefined);

/** A name of the API in words: `budget_exhausted`. */
export const word = name => told(String(name).replaceAll('_', ' '));
