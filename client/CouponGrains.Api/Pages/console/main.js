// The operators' console: which page is shown, in which language and colours, and that it stays true without reloading.
import { campaign } from './campaign.js';
import { campaigns } from './campaigns.js';
import { audit } from './audit.js';
import { cluster } from './cluster.js';
import { el, nothing, redraw, select } from './dom.js';
import { clock } from './format.js';
import { keys } from './keys.js';
import { models } from './models.js';
import { offers, offersOf } from './offers.js';
import { door, greet, isMet, isStranger, may, signedIn } from './session.js';
import { today } from './today.js';
import { user } from './user.js';
import { users } from './users.js';
import { language, speak, t } from './words.js';

const period = 5_000;

/** The pages: what the address names, what the bar calls it, and how it is shown, with and without a further name. */
const pages = [
  ['today', t('Today'), today],
  ['campaigns', t('Campaigns'), campaigns, campaign],
  ['offers', t('Offers'), offers, offersOf],
  ['users', t('Users'), users, user],
  ['models', t('Models'), models],
  ['cluster', t('Cluster'), cluster],
];

/** Pages of what not every host has, nor everybody may see, with the operation that they begin with. */
const further = [
  ['GET /v1/audit-events', ['audit', t('Audit'), audit]],
  ['GET /v1/keys', ['keys', t('Keys'), keys]],
];

const shownTo = () => [...pages, ...further.filter(([operation]) => may(operation)).map(([, page]) => page)];

const main = document.getElementById('main');
const state = document.getElementById('state');
let life = null;

/** One showing of a page: ends when another one is shown. */
class Life {
  #ended = new AbortController();
  #reads = new Set();

  get signal() {
    return this.#ended.signal;
  }

  get goesOn() {
    return !this.signal.aborted;
  }

  end() {
    this.#ended.abort();
  }

  /** Shows in a place what `read` answers, and again whenever that is another. Answers a function that looks now. */
  async watch(place, read, draw) {
    let known;
    const look = async () => {
      const value = await this.#found(read);
      const text = JSON.stringify(value);
      if (text === known || !this.goesOn) return;
      known = text;
      redraw(place, 'refusal' in value ? nothing(value.refusal) : await draw(value.value));
    };
    this.#reads.add(look);
    await look();
    return look;
  }

  /** What `read` answers, or the refusal where there is no such thing, now or any more. */
  async #found(read) {
    try {
      return { value: await read(this.signal) };
    } catch (error) {
      if (error.status !== 404 && error.status !== 422) throw error;
      return { refusal: error.message };
    }
  }

  /** Reads all again. */
  async again() {
    await Promise.all([...this.#reads].map(look => look()));
  }
}

const path = () => location.hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent);

async function show() {
  const old = /^#user=(.+)$/.exec(location.hash);
  if (old) history.replaceState(null, '', `#/users/${old[1]}`);
  life?.end();
  life = new Life();
  const [name = 'today', one] = path();
  const page = shownTo().find(([key]) => key === name);
  for (const link of document.querySelectorAll('#pages a')) {
    if (link.dataset.page === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = `${page ? page[1] : t('No such page')} · CouponGrains`;
  main.setAttribute('aria-busy', 'true');
  main.replaceChildren();
  const shown = life;
  try {
    if (isStranger()) main.append(...door(null, again));
    else if (!page) main.append(el('h1', {}, t('No such page')), nothing(el('a', { href: '#/today' }, t('Go to Today'))));
    else if (one !== undefined && page[3]) await page[3](main, shown, one);
    else await page[2](main, shown);
    reach(null);
  } catch (error) {
    if (shown.goesOn) reach(error);
    if (shown.goesOn && (error.status === 401 || error.status === 403)) main.replaceChildren(...door(error, again));
  }
  if (shown.goesOn) main.removeAttribute('aria-busy');
}

/** Knows again who looks, and shows the page to him. */
async function again() {
  try {
    await greet();
  } catch (error) {
    return reach(error);
  }
  bar();
  await show();
}

function reach(error) {
  state.className = `state ${error ? 'bad' : 'good'}`;
  state.textContent = error ? t('No answer') : t('Live');
  state.title = error ? error.message : t('As of {time}', { time: clock(Date.now()) });
}

let beats = false;

/** Looks again, one look at a time: a slow answer is not asked for twice. */
async function beat() {
  if (beats || document.hidden || !life || main.hasAttribute('aria-busy')) return;
  beats = true;
  const shown = life;
  try {
    if (!isMet()) return await again();
    await shown.again();
    reach(null);
  } catch (error) {
    if (!shown.goesOn) return;
    reach(error);
    if (error.status === 401) await again(); // The session has ended: the page says so.
  } finally {
    beats = false;
  }
}

function colours() {
  const kept = localStorage.getItem('colours') ?? 'auto';
  if (kept === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = kept;
  return kept;
}

function frame() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  const skip = document.getElementById('skip');
  skip.textContent = t('Skip to content');
  skip.addEventListener('click', event => {
    event.preventDefault(); // The part of the address after # names the page.
    main.focus();
  });
  state.textContent = t('Connecting');
  document.getElementById('pages').setAttribute('aria-label', t('Pages'));
  const theme = select(
    { id: 'colours', 'aria-label': t('Colours') },
    [
      ['auto', t('Automatic')],
      ['light', t('Light')],
      ['dark', t('Dark')],
    ],
    colours(),
  );
  theme.addEventListener('change', () => {
    localStorage.setItem('colours', theme.value);
    colours();
  });
  const tongue = select(
    { id: 'language', 'aria-label': 'Language, 语言' },
    [
      ['en', 'English'],
      ['zh', '中文'],
    ],
    language,
  );
  tongue.addEventListener('change', () => speak(tongue.value));
  const more = document.getElementById('more');
  more.setAttribute('aria-label', t('More'));
  more.append(el('a', { href: '/reference' }, t('API')), tongue, theme, el('div', { id: 'who', class: 'act' }));
  bar();
}

/** The pages, and who looks at them. */
function bar() {
  redraw(
    document.getElementById('pages'),
    shownTo().map(([key, name]) => el('a', { href: `#/${key}`, 'data-page': key }, name)),
  );
  redraw(document.getElementById('who'), signedIn() || []);
}

try {
  await greet();
  frame();
} catch (error) {
  frame(); // The host cannot tell who looks: what is asked of it says why.
  reach(error);
}
window.addEventListener('hashchange', () => {
  show().then(() => main.querySelector('h1')?.focus());
});
await show();
setInterval(beat, period);
document.addEventListener('visibilitychange', beat);
